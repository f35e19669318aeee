package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionFailedException;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files and compaction: it harms no log, and a compacted log is put together again. */
class CompactionDamageTest {
    /** Of an excerpt's header, least significant byte first. */
    private static final int META_DATA_BYTE = 3;

    private static final int META_DATA_BIT = 1 << 6;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private LogFiles files() {
        return new LogFiles(OpenLog.directory(directory));
    }

    @Test
    void shouldStopAtADamagedBatchAndLeaveTheLogAsItIs() throws Exception {
        // given: one bit of a value in a sealed segment
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(200);
        }
        flipLastLetter(files().batches(2));
        try (CompactedLog log = new CompactedLog(directory)) {
            List<Integer> before = files().segmentNumbers();

            // when / then
            assertThatThrownBy(log::compact)
                    .isInstanceOf(CompactionFailedException.class)
                    .hasMessageContaining("0000000002")
                    .hasMessageContaining("base offset");
            log.open.threads.runAll();
            assertThat(files().segmentNumbers()).isEqualTo(before);
            assertThat(Files.exists(files().compacting().directory())).isFalse();
            assertThat(log.open.log.endOffset()).isEqualTo(200);
            log.append();
            assertThat(log.open.log.endOffset()).isEqualTo(201);
        }
    }

    @Test
    void shouldPutACompactedLogTogetherWithoutItsManifest() throws Exception {
        // given
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(200);
            log.compact();
            log.appendUpTo(260);
        }
        Files.write(files().manifest().path(), new byte[] {1, 2, 3});

        // when
        try (CompactedLog log = new CompactedLog(directory)) {
            // then
            assertThat(log.open.log.endOffset()).isEqualTo(260);
            log.checkNewest("without manifest");
        }
    }

    @Test
    void shouldMakeTheIndexOfACompactedSegmentAnew() throws Exception {
        // given
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(200);
            log.compact();
        }
        Files.write(files().index(compactedSegments().findFirst().orElseThrow()).path(), new byte[] {1, 2, 3});

        // when
        try (CompactedLog log = new CompactedLog(directory)) {
            // then
            log.checkNewest("without index");
        }
    }

    /** Offsets may be missing here, so only the batch itself can tell that it is one. */
    @Test
    void shouldNotPassOverABatchThatLostTheBitThatSaysSo() throws Exception {
        // given: what the first run has left of each segment is joined by the second
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(300).compact();
            log.appendUpTo(330).compact();
        }
        Path file = compactedFiles().stream()
                .filter(each -> positionsOfBatches(each).size() > 2)
                .findFirst()
                .orElseThrow();
        List<Long> batches = positionsOfBatches(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[Math.toIntExact(batches.get(1)) + META_DATA_BYTE] ^= META_DATA_BIT;
        Files.write(file, bytes);

        // when
        try (CompactedLog log = new CompactedLog(directory)) {
            // then
            assertThatThrownBy(log::readAll).isInstanceOf(LogOfflineException.class);
        }
    }

    private List<Path> compactedFiles() throws IOException {
        return compactedSegments().map(files()::batches).toList();
    }

    private Stream<Integer> compactedSegments() throws IOException {
        return files().segmentNumbers().stream()
                .filter(number -> Files.exists(files().compacted(number).path()));
    }

    private static List<Long> positionsOfBatches(Path file) {
        List<Long> positions = new ArrayList<>();
        SegmentMapping mapping;
        try {
            mapping = SegmentMapping.readOnly(file, Runnable::run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BatchCursor cursor = new BatchCursor(mapping, 0, mapping.lengthBytes());
        while (cursor.advance()) {
            positions.add(cursor.position());
        }
        mapping.release();
        return positions;
    }

    @Test
    void shouldGiveWayToRetentionAtWhateverStepItIs() {
        for (int steps = 0; steps < 6; steps++) {
            try (CompactedLog log = new CompactedLog(directory.resolve("steps-" + steps))) {
                log.appendUpTo(100);
                ArrayDeque<Runnable> worker = new ArrayDeque<>();
                CompactionBudget budget = new CompactionBudget(worker::add, 1 << 20, 0.9, IoThrottle.NONE);
                var running = log.open.log.compact(CompactedLog.NOW_MS, 100, budget);
                for (int i = 0; i < steps; i++) {
                    runOne(worker, log);
                }

                // when: the files go that it is about to read
                log.open.threads.await(log.open.log.advanceStartTo(90));
                log.open.threads.await(log.open.log.enforceRetention(CompactedLog.NOW_MS, 90));
                log.open.threads.runAll();
                while (!worker.isEmpty()) {
                    runOne(worker, log);
                }

                // then: that is no failure, after which a log would never be compacted again
                assertThat(log.open.threads.await(running).outcome())
                        .as("after %s steps", steps)
                        .isEqualTo(Outcome.STOPPED);
                assertThat(log.open.log.startOffset()).isEqualTo(90);
                assertThat(log.readAll()).extracting(Entry::offset).contains(99L);
                assertThat(log.compact().outcome()).isIn(Outcome.DONE, Outcome.NOTHING);
            }
        }
    }

    @Test
    void shouldSayThatAFileIsMissingWhichIsPartOfTheLog() throws Exception {
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(100);
            Files.delete(files().batches(2));
            assertThatThrownBy(log::compact).hasRootCauseInstanceOf(NoSuchFileException.class);
        }
    }

    private static void runOne(ArrayDeque<Runnable> worker, CompactedLog log) {
        Runnable task = worker.poll();
        if (task != null) {
            task.run();
        }
        log.open.threads.runAll();
    }

    @Test
    void shouldLeaveNoFilesOfReplacedSegments() throws Exception {
        // given
        try (CompactedLog log = new CompactedLog(directory)) {
            log.appendUpTo(300);
            int before = files().segmentNumbers().size();
            log.compact();
            log.appendUpTo(330);

            // when: what the first run has left of each segment is small enough to be joined
            log.compact();

            // then
            assertThat(files().segmentNumbers().size()).isLessThan(before / 2);
            assertThat(files().deletedSegments()).isEmpty();
            try (Stream<Path> left = Files.list(files().compacting().directory())) {
                assertThat(left).isEmpty();
            }
        }
    }

    /** Of the value of the last record: what follows are zeros. */
    private static void flipLastLetter(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        int at = bytes.length - 1;
        while (bytes[at] == 0) {
            at--;
        }
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }
}
