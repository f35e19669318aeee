package io.penstock.storage.chronicle;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading the small files of a segment with the distrust they deserve. Stateless; blocks. */
final class SegmentIndexes {
    /** Interval of an index that is made anew, as Kafka's default. */
    static final int INTERVAL_BYTES = 4096;

    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentIndexes.class);

    private SegmentIndexes() {}

    /** The producers as they were before a segment; an empty table if its snapshot is missing or damaged. */
    static ProducerStateTable producersBefore(LogFiles files, SegmentFacts facts) throws IOException {
        ProducerStateTable snapshot = producerSnapshot(files, facts.number(), facts.baseOffset());
        return snapshot != null ? snapshot : new ProducerStateTable(facts.baseOffset());
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
