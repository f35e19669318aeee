package io.penstock.storage.chronicle;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading the small files of a segment with the distrust they deserve. Stateless; blocks. */
final class SegmentIndexes {
    /** Interval of an index that is made anew, as Kafka's default. */
    static final int INTERVAL_BYTES = 4096;

    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentIndexes.class);

    private SegmentIndexes() {}

    /**
     * The producers as of {@code offset}: from the newest good snapshot at or below it, and the batches in between.
     *
     * @param number of the segment that begins there
     * @param earlier the segments before it, oldest first, without gaps
     */
    static ProducerStateTable producersAt(
            LogFiles files, List<SegmentFacts> earlier, int number, long offset, Executor disk) throws IOException {
        ProducerStateTable table = producerSnapshot(files, number, offset);
        int from = earlier.size();
        while (table == null && from > 0) {
            from--;
            SegmentFacts facts = earlier.get(from);
            table = producerSnapshot(files, facts.number(), facts.baseOffset());
        }
        if (table == null) {
            table = new ProducerStateTable(
                    earlier.isEmpty() ? offset : earlier.get(0).baseOffset());
        }
        for (SegmentFacts facts : earlier.subList(from, earlier.size())) {
            SegmentMapping mapping = SegmentMapping.readOnly(files.batches(facts.number()), disk);
            try {
                ProducerReplay.replay(mapping, Stretch.whole(facts), table);
            } finally {
                mapping.release();
            }
        }
        return table;
    }

    /** The producer snapshot of a segment if there is a good one for that offset, else null. */
    static @Nullable ProducerStateTable producerSnapshot(LogFiles files, int number, long baseOffset)
            throws IOException {
        try {
            byte[] bytes = files.producers(number).read();
            ProducerStateTable table = bytes == null ? null : ProducerStateTable.fromSnapshot(bytes);
            return table != null && table.mapEndOffset() == baseOffset ? table : null;
        } catch (CorruptFileException e) {
            LOGGER.atWarn()
                    .addKeyValue("path", files.producers(number).path())
                    .setCause(e)
                    .log("damaged producer snapshot; going further back for an older one");
            return null;
        }
    }
}
