package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A finished segment, mapped and with its index. Safe from any thread: the mapping counts references, the index is immutable.
 *
 * @param mapping one reference belongs to whoever got the reader
 */
record SegmentReader(SegmentMapping mapping, SegmentIndex index) {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentReader.class);

    /**
     * Maps a segment and reads its index, which is made anew if it is missing or damaged. Blocks.
     *
     * @throws LogOfflineException the file is shorter than it was, or damaged and the index cannot be made
     */
    static SegmentReader open(LogFiles files, SegmentFacts facts, Executor unmapper) throws IOException {
        Path file = files.batches(facts.number());
        SegmentMapping mapping = SegmentMapping.readOnly(file, unmapper);
        boolean opened = false;
        try {
            if (mapping.lengthBytes() < facts.endPosition()) {
                throw new LogOfflineException(
                        "expected " + facts.endPosition() + " bytes in " + file + ", found " + mapping.lengthBytes());
            }
            SegmentIndex index = readIndex(files, facts);
            SegmentReader reader =
                    new SegmentReader(mapping, index != null ? index : rebuildIndex(files, facts, mapping));
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                mapping.release();
            }
        }
    }

    /** The index file's content, or null if it is missing, damaged or of another state of the segment. */
    private static @Nullable SegmentIndex readIndex(LogFiles files, SegmentFacts facts) throws IOException {
        try {
            byte[] bytes = files.index(facts.number()).read();
            SegmentIndex index = bytes == null ? null : SegmentIndex.fromBytes(bytes);
            return index != null && index.lastOffset() == facts.endOffset() - 1 ? index : null;
        } catch (CorruptFileException e) {
            LOGGER.atWarn().setCause(e).log("damaged segment index; making it anew from the batches");
            return null;
        }
    }

    private static SegmentIndex rebuildIndex(LogFiles files, SegmentFacts facts, SegmentMapping mapping)
            throws IOException {
        SegmentIndexBuilder index = new SegmentIndexBuilder(SegmentIndexes.INTERVAL_BYTES);
        ProducerStateTable producers = SegmentIndexes.producersBefore(files, facts);
        SegmentScan scan = new SegmentScan(
                mapping, facts.baseOffset(), facts.compacted(), index, producers, new LeaderEpochTable());
        scan.run(facts.endPosition(), facts.endOffset());
        if (scan.endOffset() != facts.endOffset()) {
            throw new LogOfflineException("segment " + files.batches(facts.number()) + " is damaged at position "
                    + scan.endPosition() + ", offset " + scan.endOffset() + ": " + scan.damage());
        }
        SegmentIndex rebuilt = index.seal();
        try {
            files.index(facts.number()).write(rebuilt.toBytes());
        } catch (IOException e) {
            LOGGER.warn("cannot write a segment index; it will be made again", e);
        }
        LOGGER.atWarn()
                .addKeyValue("path", files.index(facts.number()).path())
                .addKeyValue("batches", rebuilt.batchCount())
                .log("made a segment index anew");
        return rebuilt;
    }
}
