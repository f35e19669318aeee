package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        return open(files, facts, unmapper, null);
    }

    /**
     * As {@link #open}; an index that is made anew knows of the aborted transactions that began in earlier segments even if the segment's
     * own snapshot of producers is gone, too.
     *
     * @param earlier the segments before it, oldest first, without gaps
     */
    static SegmentReader openAfter(LogFiles files, List<SegmentFacts> earlier, SegmentFacts facts, Executor unmapper)
            throws IOException {
        return open(files, facts, unmapper, earlier);
    }

    private static SegmentReader open(
            LogFiles files, SegmentFacts facts, Executor unmapper, @Nullable List<SegmentFacts> earlier)
            throws IOException {
        Path file = files.batches(facts.number());
        SegmentMapping mapping = SegmentMapping.readOnly(file, unmapper);
        boolean opened = false;
        try {
            if (mapping.lengthBytes() < facts.endPosition()) {
                throw new LogOfflineException(
                        "expected " + facts.endPosition() + " bytes in " + file + ", found " + mapping.lengthBytes());
            }
            SegmentIndex index = readIndex(files, facts);
            @Nullable
            ProducerStateTable producers = index != null ? null : producersBefore(files, earlier, facts, unmapper);
            SegmentReader reader =
                    new SegmentReader(mapping, index != null ? index : rebuildIndex(files, facts, mapping, producers));
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

    /** Null if nobody knows: the snapshot is gone and the earlier segments are not at hand. */
    private static @Nullable ProducerStateTable producersBefore(
            LogFiles files, @Nullable List<SegmentFacts> earlier, SegmentFacts facts, Executor disk)
            throws IOException {
        ProducerStateTable snapshot = SegmentIndexes.producerSnapshot(files, facts.number(), facts.baseOffset());
        if (snapshot != null || earlier == null) {
            return snapshot;
        }
        ProducerStateTable replayed =
                SegmentIndexes.producersAt(files, earlier, facts.number(), facts.baseOffset(), disk);
        try {
            // Or later segments in the same state would all be read for from the same place.
            files.producers(facts.number()).write(replayed.toSnapshot());
        } catch (IOException e) {
            LOGGER.warn("cannot write a producer snapshot; it will be made again", e);
        }
        return replayed;
    }

    /** @param known the producers before the segment; null if they are not known, so that the index may lack aborted transactions */
    private static SegmentIndex rebuildIndex(
            LogFiles files, SegmentFacts facts, SegmentMapping mapping, @Nullable ProducerStateTable known)
            throws IOException {
        SegmentIndexBuilder index = new SegmentIndexBuilder(SegmentIndexes.INTERVAL_BYTES);
        ProducerStateTable producers = known != null ? known : new ProducerStateTable(facts.baseOffset());
        SegmentScan scan = new SegmentScan(
                mapping, facts.baseOffset(), facts.compacted(), index, producers, new LeaderEpochTable());
        scan.run(facts.endPosition(), facts.endOffset());
        if (scan.endOffset() != facts.endOffset()) {
            throw new LogOfflineException("segment " + files.batches(facts.number()) + " is damaged at position "
                    + scan.endPosition() + ", offset " + scan.endOffset() + ": " + scan.damage());
        }
        SegmentIndex rebuilt = index.seal();
        if (known == null && facts.abortedCount() > 0) {
            return rebuilt; // good for reads now, but whoever opens the log must not take its list for whole
        }
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
