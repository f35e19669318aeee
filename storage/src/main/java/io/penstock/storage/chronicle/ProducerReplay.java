package io.penstock.storage.chronicle;

import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Finds out what the producers were at the start of a segment. Stateless; blocks. */
final class ProducerReplay {
    private ProducerReplay() {}

    /**
     * From the newest good snapshot at or before {@code segments[index]}, and the batches in between.
     *
     * @param segments of the log, oldest first, without gaps
     */
    static ProducerStateTable before(
            List<SegmentSource> segments, int index, LogFiles files, ReaderCache readers, Executor unmapper)
            throws IOException {
        int from = index;
        ProducerStateTable table = snapshotOf(segments.get(from), files);
        while (table == null && from > 0) {
            from--;
            table = snapshotOf(segments.get(from), files);
        }
        if (table == null) {
            table = new ProducerStateTable(segments.get(0).baseOffset());
        }
        for (SegmentSource segment : segments.subList(from, index)) {
            replay(segment, table, files, readers, unmapper);
        }
        return table;
    }

    private static @Nullable ProducerStateTable snapshotOf(SegmentSource segment, LogFiles files) throws IOException {
        return SegmentIndexes.producerSnapshot(files, segment.number(), segment.baseOffset());
    }

    private static void replay(
            SegmentSource segment, ProducerStateTable table, LogFiles files, ReaderCache readers, Executor unmapper)
            throws IOException {
        SegmentMapping mapping = segment.mappingOrOpen(files, readers, unmapper);
        try {
            replay(mapping, segment.whole(), table);
        } finally {
            mapping.release();
        }
    }

    /** Gives every batch of a segment to {@code table}, none of which may be missing. */
    static void replay(SegmentMapping mapping, Stretch stretch, ProducerStateTable table) {
        KnownBatches batches = new KnownBatches(mapping, stretch);
        while (batches.advanceVerified()) {
            table.onAppended(batches.batch().batch(), batches.batch().baseOffset());
        }
    }
}
