package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large batches are in their place before the append, and whatever becomes of the append, nothing of them is found where it should not be. */
class StagingTest {
    private static final int LARGE_BYTES = 200_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    /** What the log must hold. */
    private final List<String> values = new ArrayList<>();

    @Test
    void shouldWantLargeBatchesOnly() {
        try (OpenLog open = open()) {
            awaitRoom(open);

            // when, then
            assertThat(open.log.wantsStaging(large(0))).isTrue();
            assertThat(open.log.wantsStaging(RecordBatches.of("small"))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadWhatWasStagedHotColdAndAfterReopening(boolean direct) {
        try (OpenLog open = open()) {
            // when small and large batches of all lengths alternate
            for (int i = 0; i < 60; i++) {
                appendStaged(open, i % 3 == 0 ? "small-" + i : text(LARGE_BYTES + i), direct);
            }

            // then
            assertThat(readHot(open, 55)).isEqualTo(values.subList(55, 60));
            assertThat(open.readAll()).isEqualTo(values);
            assertThat(inPlaceWork(open)).isZero();
        }
        try (OpenLog open = open()) {
            assertThat(open.readAll()).isEqualTo(values);
            appendStaged(open, text(LARGE_BYTES), direct);
            appendStaged(open, "small", direct);
            assertThat(open.readAll()).isEqualTo(values);
        }
    }

    @Test
    void shouldTakeOffsetAndEpochOfTheAppend() {
        try (OpenLog open = open()) {
            // given
            appendStaged(open, "first", true);
            ByteBuffer batch = large(0);
            open.threads.await(stage(open, batch));

            // when
            long offset = open.log.append(batch, 7);

            // then
            assertThat(offset).isOne();
            assertThat(open.log.leaderEpochs().latestEpoch()).isEqualTo(7);
            LogSlices slices = open.threads.await(open.log.readCold(1, 2, 1, true));
            ByteBuffer stored = RecordBatches.batches(slices).get(0);
            assertThat(stored.getLong(0)).isOne();
            assertThat(stored.getInt(12)).isEqualTo(7);
            slices.release();
        }
    }

    @Test
    void shouldRollThroughManySegmentsWithoutWorkInPlace() throws IOException {
        try (OpenLog open = open()) {
            // when
            for (int i = 0; i < 200; i++) {
                appendStaged(open, text(LARGE_BYTES), true);
            }

            // then
            assertThat(segments()).isGreaterThan(5);
            assertThat(inPlaceWork(open)).isZero();
            assertThat(open.readAll()).isEqualTo(values);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnElsewhereWhenAnotherBatchComes(boolean smaller) {
        try (OpenLog open = open()) {
            // given
            appendStaged(open, "first", true);
            open.threads.await(stage(open, large(0)));

            // when
            append(open, smaller ? "other" : text(LARGE_BYTES));

            // then
            appendStaged(open, text(LARGE_BYTES), true);
            append(open, "last");
            assertThat(open.readAll()).isEqualTo(values);
        }
        try (OpenLog open = open()) {
            assertThat(open.readAll()).isEqualTo(values);
        }
    }

    @Test
    void shouldRollOffTheOwnerAfterABatchThatIsNotAppended() {
        try (OpenLog open = open()) {
            // given
            appendStaged(open, "first", true);
            open.threads.await(stage(open, large(0)));

            // when
            open.log.unstage();

            // then
            assertThat(open.log.hasRoomFor(100)).isFalse();
            appendStaged(open, "second", true);
            assertThat(inPlaceWork(open)).isZero();
            assertThat(open.readAll()).isEqualTo(values);
        }
    }

    @Test
    void shouldCloseAndReopenAfterABatchThatWasNotAppended() {
        // given bytes behind the end of the segment that the log goes on in
        try (OpenLog open = open()) {
            appendStaged(open, "first", true);
            open.threads.await(stage(open, large(0)));
        }

        // when, then
        for (int round = 0; round < 3; round++) {
            try (OpenLog open = open()) {
                assertThat(open.readAll()).isEqualTo(values);
                for (int i = 0; i < 50; i++) {
                    appendStaged(open, "small " + "x".repeat(i * 7), true);
                }
            }
        }
    }

    @Test
    void shouldFindNothingOfABatchThatWasNotAppendedBeforeACrash() throws IOException {
        Path copy = directory.resolve("copy");
        try (OpenLog open = open()) {
            // given
            appendStaged(open, "first", true);
            appendStaged(open, text(LARGE_BYTES), true);
            open.threads.await(stage(open, large(0)));

            // when
            OpenLog.copyFiles(directory.resolve("logs"), copy);
        }

        // then
        for (int round = 0; round < 3; round++) {
            try (OpenLog open = new OpenLog(copy, config())) {
                assertThat(open.readAll()).isEqualTo(values);
                for (int i = 0; i < 20; i++) {
                    appendStaged(open, "small " + i, true);
                }
                appendStaged(open, text(LARGE_BYTES), true);
            }
        }
    }

    @Test
    void shouldFindNothingOfItInASealedSegmentEither() throws IOException {
        Path copy = directory.resolve("copy");
        try (OpenLog open = open()) {
            // given a segment that was given up, and another one behind it
            appendStaged(open, "first", true);
            open.threads.await(stage(open, large(0)));
            append(open, "second");

            // when the machine stops before the first is finished, and after it
            OpenLog.copyFiles(directory.resolve("logs"), copy);
            open.threads.runAll();
            OpenLog.copyFiles(directory.resolve("logs"), directory.resolve("later"));
        }

        // then
        for (Path root : List.of(copy, directory.resolve("later"))) {
            try (OpenLog open = new OpenLog(root, config())) {
                assertThat(open.readAll()).isEqualTo(values);
            }
        }
    }

    @Test
    void shouldLetAStagingEndBeforeItClosesOrDeletes() {
        for (boolean delete : new boolean[] {false, true}) {
            // given a write that has not begun
            OpenLog open = open();
            appendStaged(open, "first", true);
            CompletionStage<Void> staged = stage(open, large(0));

            // when
            CompletionStage<Void> ended = delete ? open.log.delete() : open.log.close();
            open.threads.await(ended);

            // then
            assertThat(isDone(staged)).isTrue();
            open.threads.runAll();
            open.store.close();
            if (delete) {
                values.clear();
            }
            try (OpenLog again = open()) {
                assertThat(again.readAll()).isEqualTo(values);
                appendStaged(again, "next", true);
            }
        }
    }

    @Test
    void shouldTruncateWhileABatchIsStaged() {
        try (OpenLog open = open()) {
            // given
            for (int i = 0; i < 5; i++) {
                appendStaged(open, text(LARGE_BYTES + i), true);
            }
            ByteBuffer batch = large(0);
            CompletionStage<Void> staged = stage(open, batch);

            // when
            open.threads.await(open.log.truncateTo(3));
            open.threads.await(staged);

            // then
            values.subList(3, 5).clear();
            open.log.append(batch, 0);
            values.add(RecordBatches.values(List.of(batch)).get(0));
            append(open, "last");
            assertThat(open.readAll()).isEqualTo(values);
        }
        try (OpenLog open = open()) {
            assertThat(open.readAll()).isEqualTo(values);
        }
    }

    @Test
    void shouldRollByAgeWhileABatchIsStaged() throws IOException {
        LogConfig c = config();
        LogConfig aging =
                new LogConfig(c.segmentBytes(), 1, 0, -1, -1, true, 0, 256, 1 << 20, c.producerIdExpirationMs());
        try (OpenLog open = new OpenLog(directory.resolve("logs"), aging)) {
            // given
            appendStaged(open, "first", true);
            ByteBuffer batch = large(0);
            CompletionStage<Void> staged = stage(open, batch);

            // when
            open.threads.await(open.log.rollIfOld(System.currentTimeMillis() + 1000));
            open.threads.await(staged);

            // then it is wanted again, in the segment that is written now
            assertThat(segments()).isGreaterThan(1);
            awaitRoom(open);
            assertThat(open.log.wantsStaging(batch)).isTrue();
            open.threads.await(open.log.stage(batch));
            open.log.append(batch, 0);
            values.add(RecordBatches.values(List.of(batch)).get(0));
            assertThat(open.readAll()).isEqualTo(values);
            assertThat(inPlaceWork(open)).isZero();
        }
    }

    @Test
    void shouldWaitForADiskExecutorThatIsFull() throws InterruptedException {
        try (OpenLog open = open()) {
            // given
            awaitRoom(open);
            open.threads.refuseDiskTasks(true);
            ByteBuffer batch = large(0);
            CompletionStage<Void> staged = stage(open, batch);

            // when
            open.threads.refuseDiskTasks(false);
            while (!isDone(staged)) {
                Thread.sleep(5);
                open.threads.runAll();
            }

            // then
            assertThat(open.log.wantsStaging(batch)).isFalse();
            assertThat(open.log.append(batch, 0)).isZero();
        }
    }

    @Test
    void shouldRefuseStagingOnAFullDiskAndGoOnWhenThereIsSpace() throws IOException {
        try (SmallDisk disk = SmallDisk.tmpfs(directory.resolve("mnt"), 48)) {
            Path root = disk.path().resolve("logs");
            try (OpenLog open = new OpenLog(root, config())) {
                appendStaged(open, "first", true);
                Path filler = disk.fill();

                // when
                while (tryAppendStaged(open, text(LARGE_BYTES))) {
                    open.threads.runAll();
                }

                // then
                assertThat(open.log.wantsStaging(large(0))).isFalse();
                assertThat(open.readAll()).isEqualTo(values);
                Files.delete(filler);
                long giveUpNs = System.nanoTime() + 5_000_000_000L;
                while (!tryAppendStaged(open, text(LARGE_BYTES))) {
                    assertThat(System.nanoTime()).isLessThan(giveUpNs);
                    open.threads.runAll();
                }
                assertThat(open.readAll()).isEqualTo(values);
            }
        }
    }

    private OpenLog open() {
        return new OpenLog(directory.resolve("logs"), config());
    }

    private static LogConfig config() {
        return OpenLog.segmentsOf(4 << 20);
    }

    private static String text(int bytes) {
        return ("text " + bytes + " ").repeat(bytes / 8).substring(0, bytes);
    }

    private static ByteBuffer large(int more) {
        return inDirectMemory(RecordBatches.of("L".repeat(LARGE_BYTES + more)));
    }

    private static ByteBuffer inDirectMemory(ByteBuffer heap) {
        // Not at the start of its memory, as in a request.
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 9).position(5);
        int end = 5 + heap.remaining();
        return direct.put(heap.duplicate()).position(5).limit(end);
    }

    private static void awaitRoom(OpenLog open) {
        while (!open.log.hasRoomFor(LARGE_BYTES + 100)) {
            open.threads.await(open.log.whenRoomFor(LARGE_BYTES + 100));
        }
    }

    /** Has the staging begun. */
    private static CompletionStage<Void> stage(OpenLog open, ByteBuffer batch) {
        awaitRoom(open);
        return open.log.stage(batch);
    }

    private void append(OpenLog open, String value) {
        open.log.append(RecordBatches.of(value), 0);
        values.add(value);
    }

    /** As the owner of a partition does: asks for room, stages if that is wanted, and asks again. */
    private void appendStaged(OpenLog open, String value, boolean direct) {
        ByteBuffer heap = RecordBatches.of(value);
        ByteBuffer batch = direct ? inDirectMemory(heap) : heap;
        open.makeReady(batch);
        open.log.append(batch, 0);
        values.add(value);
    }

    private boolean tryAppendStaged(OpenLog open, String value) {
        try {
            appendStaged(open, value, true);
            return true;
        } catch (LogFullException full) {
            return false;
        }
    }

    private static List<String> readHot(OpenLog open, long offset) {
        LogSlices slices = open.log.readHot(offset, open.log.endOffset(), 1 << 22, true);
        assertThat(slices).isNotNull();
        List<String> found = new ArrayList<>();
        if (slices != null) {
            found.addAll(RecordBatches.values(RecordBatches.batches(slices).stream()
                    .map(batch -> ByteBuffer.wrap(RecordBatches.bytes(batch)))
                    .toList()));
            slices.release();
        }
        return found;
    }

    private int segments() throws IOException {
        try (Stream<Path> entries = Files.list(OpenLog.directory(directory.resolve("logs")))) {
            return (int) entries.count();
        }
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static long inPlaceWork(OpenLog open) {
        return ((ChronicleLog) open.log).inPlaceWork();
    }
}
