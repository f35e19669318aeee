package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log from its files. Used once, by one disk thread; blocks.
 *
 * <p>A log that was closed in order is believed: only small files are read. Otherwise {@link CrashRecovery} reads the batches, and
 * the log goes on in a new segment: a segment that was found in use is never written again.
 */
final class LogRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);
    private static final int FIRST_NUMBER = 1;

    private final LogId id;
    private final LogFiles files;
    private final LogConfig config;
    private final SegmentOpener opener;
    private final Executor disk;

    LogRecovery(LogId id, LogFiles files, LogConfig config, SegmentOpener opener, Executor disk) {
        this.id = id;
        this.files = files;
        this.config = config;
        this.opener = opener;
        this.disk = disk;
    }

    /**
     * Opens or creates the log. Without space for a new segment the log can be read, and has none to write.
     *
     * @throws LogOfflineException something that was synced is missing
     */
    LogState recover() throws IOException {
        Files.createDirectories(files.directory());
        for (Path deleted : files.deletedSegments()) {
            FileTrees.deleteQuietly(deleted);
        }
        FileTrees.deleteQuietly(files.compacting().directory());
        List<Integer> numbers = files.segmentNumbers();
        int largest = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        LogManifest manifest = withoutDeletedHead(readManifest(numbers), numbers);
        numbers = withoutUnlisted(manifest, numbers);
        LogState state = openClosed(manifest, numbers);
        if (state == null) {
            state = new CrashRecovery(id, files, config, disk).recover(manifest, numbers);
        }
        state.lastNumber = Math.max(Math.max(state.lastNumber, largest), manifest.activeNumber() - 1);
        if (state.active == null) {
            state.floorNumber = state.lastNumber + 1;
            createActive(state);
        }
        return state;
    }

    private LogManifest readManifest(List<Integer> numbers) throws IOException {
        try {
            byte[] bytes = files.manifest().read();
            return bytes == null
                    ? young(FIRST_NUMBER, 0)
                    : LogManifest.fromBytes(bytes, files.manifest().path().toString());
        } catch (CorruptFileException e) {
            LOGGER.atError()
                    .addKeyValue("log", id)
                    .setCause(e)
                    .log("damaged manifest: reading every segment to make it anew; the start of the log may move back");
            return guess(numbers);
        }
    }

    /** Of a log about which nothing is known but where to begin to read. */
    private static LogManifest young(int firstNumber, long baseOffset) {
        return new LogManifest(
                baseOffset, 0, List.of(), firstNumber, baseOffset, new LeaderEpochTable().toBytes(), null);
    }

    private LogManifest guess(List<Integer> numbers) throws IOException {
        List<SegmentFacts> compacted = new CompactedSegments(files).chain(numbers);
        long nextOffset =
                compacted.isEmpty() ? -1 : compacted.get(compacted.size() - 1).endOffset();
        for (int number : numbers) {
            long baseOffset = isCompacted(number) ? -1 : CrashRecovery.firstOffsetOf(files.batches(number), disk);
            if (baseOffset >= 0 && (compacted.isEmpty() || baseOffset == nextOffset)) {
                return guessed(compacted, number, baseOffset);
            }
        }
        return compacted.isEmpty()
                ? young(FIRST_NUMBER, 0)
                : guessed(compacted, numbers.get(numbers.size() - 1) + 1, nextOffset);
    }

    /** The compacted segments, to be read again for epochs and producers, and then the others. */
    private static LogManifest guessed(List<SegmentFacts> compacted, int activeNumber, long activeBaseOffset) {
        long startOffset =
                compacted.isEmpty() ? activeBaseOffset : compacted.get(0).baseOffset();
        return new LogManifest(
                startOffset, 0, compacted, activeNumber, activeBaseOffset, new LeaderEpochTable().toBytes(), null);
    }

    /** Retention on a full disk deletes the oldest segments before it can say so. */
    private LogManifest withoutDeletedHead(LogManifest manifest, List<Integer> numbers) {
        int missing = 0;
        List<SegmentFacts> sealed = manifest.sealed();
        while (missing < sealed.size() && !numbers.contains(sealed.get(missing).number())) {
            missing++;
        }
        if (missing == 0) {
            return manifest;
        }
        LOGGER.atWarn()
                .addKeyValue("log", id)
                .addKeyValue("offset", sealed.get(missing - 1).endOffset())
                .addKeyValue("segments", missing)
                .log("the oldest segments are gone: taken for deleted, the log starts behind them");
        return manifest.withoutHead(missing);
    }

    /** Deletes segments that the manifest has outlived: they were deleted or cut while the process died. */
    private List<Integer> withoutUnlisted(LogManifest manifest, List<Integer> numbers) {
        List<Integer> listed =
                manifest.sealed().stream().map(SegmentFacts::number).toList();
        for (SegmentFacts facts : manifest.sealed()) {
            if (facts.synced() && !numbers.contains(facts.number())) {
                throw new LogOfflineException("log " + id + ": expected a segment in "
                        + files.segment(facts.number()) + " for offsets " + facts.baseOffset() + " to "
                        + (facts.endOffset() - 1) + ", found nothing");
            }
        }
        List<Integer> kept = new ArrayList<>();
        for (int number : numbers) {
            boolean isNewer = number >= manifest.activeNumber() && !isCompacted(number);
            if (isNewer || listed.contains(number)) {
                kept.add(number);
            } else {
                FileTrees.deleteQuietly(files.segment(number));
            }
        }
        return kept;
    }

    /** Whether the compaction wrote the segment: then it takes the place of others once the manifest lists it, and not before. */
    private boolean isCompacted(int number) {
        return Files.exists(files.compacted(number).path());
    }

    /** The log as it was closed, or null if it was not, or was written since, or a file is damaged. */
    private @Nullable LogState openClosed(LogManifest manifest, List<Integer> numbers) throws IOException {
        LogManifest.ClosedLog closed = manifest.closed();
        if (closed == null || !isAsClosed(manifest.activeNumber(), closed) || hasSuccessor(manifest, numbers)) {
            return null;
        }
        try {
            LogState state = new LogState(
                    id,
                    files,
                    config,
                    ProducerStateTable.fromSnapshot(closed.producers()),
                    LeaderEpochTable.fromBytes(manifest.leaderEpochs()));
            for (SegmentFacts facts : manifest.sealed()) {
                state.sealed.add(CrashRecovery.sealedOf(files, state.sealedFacts(), facts, disk));
            }
            state.startOffset = manifest.startOffset();
            state.firstDirtyOffset = manifest.firstDirtyOffset();
            boolean opened =
                    closed.fileBytes() == 0 ? openWithoutActive(manifest, state) : openActive(manifest, closed, state);
            if (opened) {
                state.changed = state.active == null && closed.fileBytes() != 0;
                deleteAbove(manifest, numbers);
                state.syncedOffset = state.endOffset;
                return state;
            }
        } catch (CorruptFileException e) {
            LOGGER.atWarn().addKeyValue("log", id).setCause(e).log("damaged file: recovering as after a crash");
        }
        return null;
    }

    private boolean isAsClosed(int activeNumber, LogManifest.ClosedLog closed) throws IOException {
        Path file = files.batches(activeNumber);
        return Files.exists(file) ? Files.size(file) == closed.fileBytes() : closed.fileBytes() == 0;
    }

    /**
     * Whether batches were written to a later segment: it was opened after the close, and no manifest has said so before the process
     * died.
     */
    private boolean hasSuccessor(LogManifest manifest, List<Integer> numbers) throws IOException {
        for (int number : unlistedAbove(manifest, numbers)) {
            if (CrashRecovery.firstOffsetOf(files.batches(number), disk) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> unlistedAbove(LogManifest manifest, List<Integer> numbers) {
        List<Integer> listed =
                manifest.sealed().stream().map(SegmentFacts::number).toList();
        return numbers.stream()
                .filter(number -> number > manifest.activeNumber() && !listed.contains(number))
                .toList();
    }

    private static boolean openWithoutActive(LogManifest manifest, LogState state) {
        state.activeBaseOffset = manifest.activeBaseOffset();
        state.endOffset = manifest.activeBaseOffset();
        return state.producers.mapEndOffset() == state.endOffset;
    }

    private boolean openActive(LogManifest manifest, LogManifest.ClosedLog closed, LogState state) throws IOException {
        int number = manifest.activeNumber();
        SegmentIndex index = SegmentIndex.fromBytes(closed.index());
        if (index.lastOffset() + 1 != state.producers.mapEndOffset()) {
            return false;
        }
        state.endOffset = index.lastOffset() + 1;
        state.lastNumber = number;
        try {
            state.active =
                    opener.reopen(number, config, index.toBuilder(config.indexIntervalBytes()), closed.endPosition());
            state.activeBaseOffset = manifest.activeBaseOffset();
        } catch (IOException | LogFullException e) {
            LOGGER.atWarn()
                    .addKeyValue("log", id)
                    .setCause(e)
                    .log("cannot go on in the last segment; it stays as it is, and a new one follows");
            long lastAppendMs = Files.getLastModifiedTime(files.batches(number)).toMillis();
            SegmentFacts facts =
                    factsOf(number, manifest.activeBaseOffset(), index, closed.endPosition(), lastAppendMs, false);
            SegmentMapping mapping = SegmentMapping.readOnly(files.batches(number), disk);
            state.sealed.add(new SealedSegment(facts, index, mapping, Long.MAX_VALUE, closed.endPosition()));
            state.activeBaseOffset = state.endOffset;
        }
        return true;
    }

    static SegmentFacts factsOf(
            int number, long baseOffset, SegmentIndex index, long endPosition, long lastAppendMs, boolean synced) {
        return new SegmentFacts(
                number,
                baseOffset,
                index.lastOffset() + 1,
                endPosition,
                index.sizeBytes(),
                index.firstTimestampMs(),
                index.maxTimestampMs(),
                lastAppendMs,
                SealedSegment.abortedIn(index).size(),
                false,
                synced);
    }

    private void deleteAbove(LogManifest manifest, List<Integer> numbers) {
        for (int number : unlistedAbove(manifest, numbers)) {
            FileTrees.deleteQuietly(files.segment(number));
        }
    }

    private void createActive(LogState state) throws IOException {
        int number = state.lastNumber + 1;
        try {
            state.active = opener.create(number, config, WriteAhead.Window.IDLE, 0);
            state.lastNumber = number;
        } catch (LogFullException e) {
            LOGGER.atWarn()
                    .addKeyValue("log", id)
                    .setCause(e)
                    .log("no space for a segment to write; the log can be read");
        }
    }
}
