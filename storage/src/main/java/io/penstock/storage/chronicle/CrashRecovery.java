package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is left of a log that was not closed in order. Used once, by one disk thread; blocks.
 *
 * <p>Segments that are known to be synced are believed. All others, in the order in which they were written, are read up to the
 * first thing that is not a whole batch with the next offset. What follows there and in later segments is cut, loudly, and the cut
 * is on the disk before this returns: otherwise the next recovery would cut again, with the records that were appended meanwhile.
 */
final class CrashRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(CrashRecovery.class);
    private final LogId id;
    private final LogFiles files;
    private final LogConfig config;
    private final Executor disk;

    CrashRecovery(LogId id, LogFiles files, LogConfig config, Executor disk) {
        this.id = id;
        this.files = files;
        this.config = config;
        this.disk = disk;
    }

    /** The log without an active segment. */
    LogState recover(LogManifest manifest, List<Integer> numbers) throws IOException {
        long startedNs = System.nanoTime();
        List<SegmentFacts> believed = new ArrayList<>();
        List<SegmentFacts> doubted = new ArrayList<>();
        for (SegmentFacts facts : manifest.sealed()) {
            (facts.synced() && doubted.isEmpty() ? believed : doubted).add(facts);
        }
        long firstDoubted =
                believed.isEmpty() ? firstOffset(manifest) : lastOf(believed).endOffset();
        LogState state = new LogState(
                id, files, config, producersAt(firstDoubted, believed, doubted, manifest), epochsOf(manifest));
        for (SegmentFacts facts : believed) {
            state.sealed.add(sealedOf(files, state.sealedFacts(), facts, disk));
        }
        state.endOffset = firstDoubted;
        state.syncedOffset = firstDoubted;
        readDoubted(state, doubted, numbers, manifest);
        state.activeBaseOffset = state.endOffset;
        state.startOffset = Math.min(manifest.startOffset(), state.endOffset);
        state.firstDirtyOffset = Math.min(manifest.firstDirtyOffset(), state.endOffset);
        state.epochs.truncateFromEnd(state.endOffset);
        report(state, startedNs);
        return state;
    }

    private static long firstOffset(LogManifest manifest) {
        return manifest.sealed().isEmpty()
                ? manifest.activeBaseOffset()
                : manifest.sealed().get(0).baseOffset();
    }

    private static SegmentFacts lastOf(List<SegmentFacts> facts) {
        return facts.get(facts.size() - 1);
    }

    private void report(LogState state, long startedNs) {
        boolean anything = state.endOffset > 0;
        LOGGER.atLevel(anything ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.DEBUG)
                .addKeyValue("log", id)
                .addKeyValue("startOffset", state.startOffset)
                .addKeyValue("endOffset", state.endOffset)
                .addKeyValue("elapsedMs", (System.nanoTime() - startedNs) / 1_000_000)
                .log("recovered a log that was not closed in order");
    }

    private LeaderEpochTable epochsOf(LogManifest manifest) throws IOException {
        try {
            return LeaderEpochTable.fromBytes(manifest.leaderEpochs());
        } catch (CorruptFileException e) {
            throw new IOException("unreadable leader epochs in a manifest whose checksum is right", e);
        }
    }

    /** Producers as of {@code offset}: from the newest good snapshot at or below it, and the batches in between. */
    private ProducerStateTable producersAt(
            long offset, List<SegmentFacts> believed, List<SegmentFacts> doubted, LogManifest manifest)
            throws IOException {
        int first = doubted.isEmpty() ? manifest.activeNumber() : doubted.get(0).number();
        return SegmentIndexes.producersAt(files, believed, first, offset, disk);
    }

    private void readDoubted(LogState state, List<SegmentFacts> doubted, List<Integer> numbers, LogManifest manifest)
            throws IOException {
        List<Integer> pending =
                new ArrayList<>(doubted.stream().map(SegmentFacts::number).toList());
        // Segments of the compaction are listed, with numbers of the time when they were written.
        List<Integer> listed =
                manifest.sealed().stream().map(SegmentFacts::number).toList();
        numbers.stream()
                .filter(number -> number >= manifest.activeNumber() && !listed.contains(number))
                .forEach(pending::add);
        for (int i = 0; i < pending.size(); i++) {
            SegmentFacts known = i < doubted.size() ? doubted.get(i) : null;
            long nextBase = nextBaseOffset(pending, i);
            if (!read(state, pending.get(i), known, nextBase)) {
                deleteAll(pending.subList(i + 1, pending.size()), state.endOffset);
                return;
            }
        }
    }

    /** First offset of the next segment that has any, or the largest number. */
    private long nextBaseOffset(List<Integer> pending, int index) throws IOException {
        for (int number : pending.subList(index + 1, pending.size())) {
            long baseOffset = firstOffsetOf(files.batches(number), disk);
            if (baseOffset >= 0) {
                return baseOffset;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Base offset of a file's first batch, or -1. */
    static long firstOffsetOf(Path file, Executor disk) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return -1;
        }
        SegmentMapping mapping = SegmentMapping.readOnly(file, disk);
        try {
            BatchCursor cursor = new BatchCursor(mapping, 0, mapping.lengthBytes());
            return cursor.advance() ? cursor.baseOffset() : -1;
        } finally {
            mapping.release();
        }
    }

    /** Takes what can be believed of one segment into the state; false if later ones cannot follow. */
    private boolean read(LogState state, int number, @Nullable SegmentFacts known, long nextBase) throws IOException {
        Path file = files.batches(number);
        if (!Files.exists(file) || Files.size(file) == 0) {
            FileTrees.deleteQuietly(files.segment(number));
            return known == null;
        }
        long lastWriteMs = Files.getLastModifiedTime(file).toMillis();
        SegmentMapping mapping = SegmentMapping.readOnly(file, disk);
        boolean kept = false;
        try {
            SegmentIndexBuilder index = new SegmentIndexBuilder(config.indexIntervalBytes());
            long baseOffset = state.endOffset;
            boolean compacted = known != null && known.compacted();
            SegmentScan scan = new SegmentScan(mapping, baseOffset, compacted, index, state.producers, state.epochs);
            scan.run(
                    known == null ? Long.MAX_VALUE : known.endPosition(),
                    Math.min(nextBase, known == null ? Long.MAX_VALUE : known.endOffset()));
            boolean whole = scan.damage() == null && (known == null || scan.endOffset() == known.endOffset());
            if (known == null || !whole) {
                whole &= cutTraces(scan, number);
            }
            if (index.batchCount() == 0) {
                FileTrees.deleteQuietly(files.segment(number));
                return whole;
            }
            SegmentFacts facts = LogRecovery.factsOf(
                            number, baseOffset, index.seal(), scan.endPosition(), lastWriteMs, false)
                    .withFlags(compacted, false);
            state.sealed.add(new SealedSegment(facts, index.seal(), mapping, Long.MAX_VALUE, scan.endPosition()));
            kept = true;
            state.endOffset = scan.endOffset();
            return whole;
        } finally {
            if (!kept) {
                mapping.release();
            }
        }
    }

    /** Cuts whatever follows the last batch; true if there was nothing but the traces of an append that was not finished. */
    private boolean cutTraces(SegmentScan scan, int number) throws IOException {
        Path file = files.batches(number);
        long traces = FileTraces.bytesBehind(file, scan.endPosition());
        if (traces == 0 && scan.damage() == null) {
            return true;
        }
        LOGGER.atWarn()
                .addKeyValue("log", id)
                .addKeyValue("offset", scan.endOffset())
                .addKeyValue("segment", number)
                .addKeyValue("position", scan.endPosition())
                .addKeyValue("bytesCut", traces)
                .log("cut the end of the log: " + (scan.damage() == null ? "an unfinished append" : scan.damage()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(scan.endPosition());
            channel.force(true);
        }
        return scan.damage() == null;
    }

    private void deleteAll(List<Integer> numbers, long endOffset) {
        for (int number : numbers) {
            LOGGER.atWarn()
                    .addKeyValue("log", id)
                    .addKeyValue("offset", endOffset)
                    .addKeyValue("segment", number)
                    .log("cut a whole segment: it does not follow what is left of the one before");
            FileTrees.deleteQuietly(files.segment(number));
        }
    }

    /**
     * A segment that is believed, with its aborted transactions.
     *
     * @param earlier the segments before it, oldest first: if the files of this one are damaged, they tell which transactions were open
     */
    static SealedSegment sealedOf(LogFiles files, List<SegmentFacts> earlier, SegmentFacts facts, Executor disk)
            throws IOException {
        List<AbortedTransaction> aborted = List.of();
        if (facts.abortedCount() > 0) {
            SegmentReader reader = SegmentReader.openAfter(files, earlier, facts, disk);
            reader.mapping().release();
            aborted = SealedSegment.abortedIn(reader.index());
        }
        return new SealedSegment(facts, aborted);
    }
}
