package io.penstock.storage.chronicle;

import io.penstock.storage.index.IndexMark;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A segment as a read on the disk executor needs it: a picture taken on the owner. Immutable.
 *
 * @param facts of a sealed segment; null for the active one, whose files are not finished
 * @param mapping a reference that {@link #release} gives back, or null if the segment has to be opened
 * @param index of everything up to {@code endPosition}, or null if it has to be read
 * @param stretch what to read, or null to ask the index
 * @param endPosition nothing from there on is read
 */
record SegmentSource(
        int number,
        @Nullable SegmentFacts facts,
        @Nullable SegmentMapping mapping,
        @Nullable SegmentIndex index,
        @Nullable Stretch stretch,
        long baseOffset,
        long endOffset,
        long endPosition,
        long maxTimestampMs) {

    static SegmentSource of(SealedSegment segment) {
        SegmentFacts facts = segment.facts();
        SegmentMapping mapping = segment.mapping();
        if (mapping != null) {
            mapping.retain();
            mapping.trusted().add(segment.firstHotPosition(), facts.endPosition());
        }
        return new SegmentSource(
                facts.number(),
                facts,
                mapping,
                segment.index(),
                null,
                facts.baseOffset(),
                facts.endOffset(),
                facts.endPosition(),
                facts.maxTimestampMs());
    }

    /** The active segment up to now, with a copy of its index. */
    static SegmentSource of(ActiveSegment segment, long endOffset) {
        return of(segment, segment.index().seal(), null, endOffset);
    }

    /** The active segment up to now, to be read from {@code offset} on. */
    static SegmentSource of(ActiveSegment segment, long endOffset, long offset) {
        return of(segment, null, segment.stretchFrom(offset, endOffset), endOffset);
    }

    private static SegmentSource of(
            ActiveSegment segment, @Nullable SegmentIndex index, @Nullable Stretch stretch, long endOffset) {
        segment.mapping().retain();
        segment.mapping().trusted().add(segment.firstHotPosition(), segment.endPosition());
        return new SegmentSource(
                segment.number(),
                null,
                segment.mapping(),
                index,
                stretch,
                segment.index().firstOffset(),
                endOffset,
                segment.endPosition(),
                segment.index().maxTimestampMs());
    }

    /** Whether the compaction wrote it, so that offsets may be missing. */
    boolean isCompacted() {
        return facts != null && facts.compacted();
    }

    /** A reader whose mapping the caller must release. Blocks. */
    SegmentReader open(LogFiles files, ReaderCache readers, Executor unmapper) throws IOException {
        if (mapping != null && index != null) {
            mapping.retain();
            return new SegmentReader(mapping, index);
        }
        if (facts == null) {
            throw new IllegalStateException("the active segment is always in memory");
        }
        return readers.acquire(files, facts, unmapper);
    }

    /** The mapping with one more reference, which the caller must release. Blocks. */
    SegmentMapping mappingOrOpen(LogFiles files, ReaderCache readers, Executor unmapper) throws IOException {
        if (mapping == null) {
            return open(files, readers, unmapper).mapping();
        }
        mapping.retain();
        return mapping;
    }

    /** Gives {@code collector} what it wants of the segment; returns whether it wants more. Blocks. */
    boolean collect(
            LogFiles files, ReaderCache readers, Executor unmapper, long offset, int maxBytes, BatchCollector collector)
            throws IOException {
        if (mapping != null && stretch != null) {
            return collect(mapping, stretch, maxBytes, collector);
        }
        SegmentReader reader = open(files, readers, unmapper);
        try {
            return collect(reader.mapping(), stretchOf(reader.index().startFor(offset)), maxBytes, collector);
        } finally {
            reader.mapping().release();
        }
    }

    private static boolean collect(SegmentMapping from, Stretch stretch, int maxBytes, BatchCollector collector) {
        Pages.readInAgain(from, stretch.position(), Math.min(stretch.endPosition(), stretch.position() + maxBytes));
        return collector.collect(from, stretch, true);
    }

    /** All of it. */
    Stretch whole() {
        return new Stretch(0, baseOffset, endPosition, endOffset, isCompacted());
    }

    /** From a batch that the segment's index has told to where the segment ended. */
    Stretch stretchOf(IndexMark start) {
        return new Stretch(start.position(), start.baseOffset(), endPosition, endOffset, isCompacted());
    }

    /** Gives the reference back. */
    void release() {
        if (mapping != null) {
            mapping.release();
        }
    }
}
