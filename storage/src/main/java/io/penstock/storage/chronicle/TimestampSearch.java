package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.RecordScan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
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

    /** The first record at or after {@code timestampMs}, or null. */
    @Nullable
    TimestampedOffset firstAtOrAfter(List<SegmentSource> sources, long timestampMs) throws IOException {
        try (RecordScan scan = new RecordScan()) {
            for (SegmentSource source : sources) {
                if (source.maxTimestampMs() >= timestampMs) {
                    TimestampedOffset found = firstIn(source, timestampMs, scan);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        }
    }

    private @Nullable TimestampedOffset firstIn(SegmentSource source, long timestampMs, RecordScan scan)
            throws IOException {
        SegmentReader reader = source.open(files, readers, unmapper);
        try {
            long byTime = reader.index().positionForTimestamp(timestampMs);
            long byOffset = reader.index().positionFor(startOffset);
            BatchCursor cursor = cursor(reader, source, Math.max(byTime, byOffset));
            while (cursor.advance() && cursor.baseOffset() < endOffset) {
                boolean reaches = BatchHeader.maxTimestamp(cursor.view(), cursor.index()) >= timestampMs;
                if (reaches && cursor.lastOffset() >= startOffset) {
                    TimestampedOffset found =
                            scan.firstAtOrAfter(verified(cursor).batch(), timestampMs, startOffset, endOffset);
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
            BatchCursor cursor = cursor(reader, source, reader.index().positionFor(from));
            TimestampedOffset best = null;
            while (cursor.advance() && cursor.baseOffset() < endOffset) {
                long wantedMs = best == null ? atLeastMs : best.timestampMs() + 1;
                boolean reaches = BatchHeader.maxTimestamp(cursor.view(), cursor.index()) >= wantedMs;
                if (reaches && cursor.lastOffset() >= startOffset) {
                    TimestampedOffset found = scan.maxTimestamp(verified(cursor).batch(), startOffset, endOffset);
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

    private static BatchCursor cursor(SegmentReader reader, SegmentSource source, long position) {
        return new BatchCursor(reader.mapping(), Math.max(0, position), source.endPosition());
    }

    private BatchCursor verified(BatchCursor cursor) {
        if (!BatchHeader.crcMatches(cursor.view(), cursor.index())) {
            throw new LogOfflineException("batch with a wrong checksum at position " + cursor.position()
                    + ", base offset " + cursor.baseOffset() + " in " + files.directory());
        }
        return cursor;
    }
}
