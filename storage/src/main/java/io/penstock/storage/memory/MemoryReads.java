package io.penstock.storage.memory;

import io.penstock.storage.LogSlices;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.index.IndexMark;
import io.penstock.storage.index.SegmentLookup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds batches in a {@link MemoryContent} by offset and by timestamp. Changes nothing; called by the log's owner. */
final class MemoryReads {
    private final MemoryContent content;

    MemoryReads(MemoryContent content) {
        this.content = content;
    }

    /** See {@link io.penstock.storage.PartitionLog#readHot}. */
    LogSlices read(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        if (offset < content.startOffset() || offset > content.endOffset()) {
            throw new OffsetOutOfRangeException("expected an offset in [" + content.startOffset() + ", "
                    + content.endOffset() + "], found " + offset);
        }
        MemorySlices.Collector collector = new MemorySlices.Collector();
        MemorySegment segment = content.segmentOf(offset);
        while (segment != null && collect(segment, offset, endOffset, maxBytes, atLeastOne, collector)) {
            segment = content.segmentAfter(segment);
        }
        return collector.toSlices();
    }

    /** Whether the read may go on in the next segment. */
    private static boolean collect(
            MemorySegment segment,
            long offset,
            long endOffset,
            int maxBytes,
            boolean atLeastOne,
            MemorySlices.Collector collector) {
        for (long at = segment.find(offset); at != SegmentLookup.NONE; at = segment.next(at)) {
            int bytes = segment.sizeInBytes(at);
            boolean first = collector.sizeBytes() == 0;
            boolean fits = bytes <= maxBytes - collector.sizeBytes() || (first && atLeastOne);
            if (!fits || segment.lastOffset(at) >= endOffset) {
                return false;
            }
            collector.add(segment.chunkAt(at), MemorySegment.byteAt(at), bytes, segment.lastOffset(at));
        }
        return true;
    }

    /**
     * A batch that may answer a search; garbage collection keeps its memory.
     *
     * @param nextOffset where to go on if it does not
     */
    record Candidate(ByteBuffer batch, long maxTimestampMs, long nextOffset) {}

    /** The first batch that reaches into [fromOffset, endOffset) and has a record at or after {@code timestampMs}, or null. */
    @Nullable
    Candidate firstAtOrAfter(long timestampMs, long fromOffset, long endOffset) {
        for (MemorySegment segment : content.segments().values()) {
            if (segment.endOffset() > fromOffset && segment.index().maxTimestampMs() >= timestampMs) {
                Candidate found = firstIn(segment, timestampMs, fromOffset, endOffset);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable Candidate firstIn(
            MemorySegment segment, long timestampMs, long fromOffset, long endOffset) {
        long at = Math.max(segment.index().startForTimestamp(timestampMs).position(), segment.find(fromOffset));
        while (at != SegmentLookup.NONE && segment.baseOffset(at) < endOffset) {
            if (segment.maxTimestampMs(at) >= timestampMs) {
                return candidate(segment, at);
            }
            at = segment.next(at);
        }
        return null;
    }

    private static Candidate candidate(MemorySegment segment, long at) {
        return new Candidate(segment.batch(at), segment.maxTimestampMs(at), segment.lastOffset(at) + 1);
    }

    /**
     * At most three batches, in offset order, one of which holds the record with the largest timestamp in [startOffset, endOffset):
     * those that reach over an end of the range, whose headers do not tell, and the best of those between.
     */
    List<ByteBuffer> maxTimestampCandidates(long startOffset, long endOffset) {
        List<ByteBuffer> candidates = new ArrayList<>(3);
        addBatchAcross(startOffset, candidates);
        Candidate best = null;
        for (MemorySegment segment : content.segments().values()) {
            Candidate inSegment = maxIn(segment, startOffset, endOffset);
            if (inSegment != null && (best == null || inSegment.maxTimestampMs() > best.maxTimestampMs())) {
                best = inSegment;
            }
        }
        if (best != null) {
            candidates.add(best.batch());
        }
        addBatchAcross(endOffset, candidates);
        return candidates;
    }

    private void addBatchAcross(long offset, List<ByteBuffer> candidates) {
        MemorySegment segment = content.segmentOf(offset);
        long at = segment == null ? SegmentLookup.NONE : segment.find(offset);
        if (segment != null && at != SegmentLookup.NONE && segment.baseOffset(at) < offset) {
            candidates.add(segment.batch(at));
        }
    }

    /** The first batch with the largest timestamp of those wholly in the range, or null if none has a timestamp. */
    private static @Nullable Candidate maxIn(MemorySegment segment, long startOffset, long endOffset) {
        SegmentLookup index = segment.index();
        boolean allAbove = index.firstOffset() >= startOffset;
        if (segment.isEmpty() || index.maxTimestampMs() < 0) {
            return null;
        }
        if (allAbove && segment.endOffset() <= endOffset) {
            return candidate(segment, segment.find(index.offsetOfMaxTimestamp()));
        }
        IndexMark mark = index.markFor(endOffset - 1);
        boolean markKnows = allAbove && mark.maxTimestampBeforeMs() >= 0;
        long best = markKnows ? segment.find(mark.offsetOfMaxTimestampBefore()) : SegmentLookup.NONE;
        long bestMs = markKnows ? mark.maxTimestampBeforeMs() : -1;
        long at = markKnows ? mark.position() : segment.find(startOffset);
        for (; at != SegmentLookup.NONE && segment.lastOffset(at) < endOffset; at = segment.next(at)) {
            if (segment.baseOffset(at) >= startOffset && segment.maxTimestampMs(at) > bestMs) {
                best = at;
                bestMs = segment.maxTimestampMs(at);
            }
        }
        return best == SegmentLookup.NONE ? null : candidate(segment, best);
    }
}
