package io.penstock.storage.chronicle;

import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.RecordScan;
import io.penstock.storage.index.IndexMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One search of a log's records by time. Used once, by one disk thread; blocks. */
final class TimestampSearch {
    private final LogFiles files;
    private final ReaderCache readers;
    private final Executor unmapper;
    private final long startOffset;
    private final long endOffset;

    TimestampSearch(LogFiles files, ReaderCache readers, Executor unmapper, long startOffset, long endOffset) {
        this.files = files;
        this.readers = readers;
        this.unmapper = unmapper;
        this.startOffset = startOffset;
        this.endOffset = endOffset;
    }

    /** The first record at or after {@code timestampMs} of a batch that counts, or null. */
    @Nullable
    TimestampedOffset firstAtOrAfter(List<SegmentSource> sources, long timestampMs, Predicate<ByteBuffer> counts)
            throws IOException {
        try (RecordScan scan = new RecordScan()) {
            for (SegmentSource source : sources) {
                if (source.maxTimestampMs() >= timestampMs) {
                    TimestampedOffset found = firstIn(source, timestampMs, counts, scan);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        }
    }

    private @Nullable TimestampedOffset firstIn(
            SegmentSource source, long timestampMs, Predicate<ByteBuffer> counts, RecordScan scan) throws IOException {
        SegmentReader reader = source.open(files, readers, unmapper);
        try {
            IndexMark byTime = reader.index().startForTimestamp(timestampMs);
            IndexMark byOffset = reader.index().startFor(startOffset);
            IndexMark start = byTime.position() > byOffset.position() ? byTime : byOffset;
            KnownBatches batches = batches(reader, source, start);
            while (batches.advanceVerified() && batches.batch().baseOffset() < endOffset) {
                BatchCursor batch = batches.batch();
                boolean reaches = BatchHeader.maxTimestamp(batch.view(), batch.index()) >= timestampMs;
                if (reaches && batches.lastOffset() >= startOffset && counts.test(batch.batch())) {
                    TimestampedOffset found = scan.firstAtOrAfter(batch.batch(), timestampMs, startOffset, endOffset);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        } finally {
            reader.mapping().release();
        }
    }

    /** The first of the records with the largest timestamp, or null if none has one. */
    @Nullable
    TimestampedOffset max(List<SegmentSource> sources) throws IOException {
        try (RecordScan scan = new RecordScan()) {
            TimestampedOffset best = null;
            for (SegmentSource source : sources) {
                long atLeastMs = best == null ? 0 : best.timestampMs() + 1;
                if (source.maxTimestampMs() >= atLeastMs) {
                    TimestampedOffset found = maxIn(source, atLeastMs, scan);
                    best = found == null ? best : found;
                }
            }
            return best;
        }
    }

    /** As {@link #max}, in one segment, and only if it is {@code atLeastMs} or later. */
    private @Nullable TimestampedOffset maxIn(SegmentSource source, long atLeastMs, RecordScan scan)
            throws IOException {
        SegmentReader reader = source.open(files, readers, unmapper);
        try {
            boolean whole = source.baseOffset() >= startOffset && source.endOffset() <= endOffset;
            long from = whole ? reader.index().offsetOfMaxTimestamp() : startOffset;
            KnownBatches batches = batches(reader, source, reader.index().startFor(from));
            TimestampedOffset best = null;
            while (batches.advanceVerified() && batches.batch().baseOffset() < endOffset) {
                BatchCursor batch = batches.batch();
                long wantedMs = best == null ? atLeastMs : best.timestampMs() + 1;
                boolean reaches = BatchHeader.maxTimestamp(batch.view(), batch.index()) >= wantedMs;
                if (reaches && batches.lastOffset() >= startOffset) {
                    TimestampedOffset found = scan.maxTimestamp(batch.batch(), startOffset, endOffset);
                    best = found != null && found.timestampMs() >= wantedMs ? found : best;
                }
                if (whole && best != null && best.timestampMs() == source.maxTimestampMs()) {
                    return best;
                }
            }
            return best;
        } finally {
            reader.mapping().release();
        }
    }

    private static KnownBatches batches(SegmentReader reader, SegmentSource source, IndexMark start) {
        return new KnownBatches(reader.mapping(), source.stretchOf(start));
    }
}
