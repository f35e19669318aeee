package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk thread takes seconds to bring a large batch to its place while the others are quick: the log serves what it can, and whatever is done
 * with it meanwhile, nothing is cut, closed or deleted under that thread, and nothing of the batch is found where it should not be.
 */
class SlowStagingTest {
    private static final int LARGE_BYTES = 200_000;
    private static final int APPENDED = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private int copies;

    @Test
    void shouldReadAndSyncMeanwhile() {
        try (OpenLog open = openWithSome()) {
            // given
            CompletionStage<Void> staged = stageSlowly(open);

            // when, then
            assertThat(open.threads.await(open.log.sync())).isEqualTo(APPENDED);
            assertThat(open.readAll()).isEqualTo(OpenLog.valuesBelow(APPENDED, LARGE_BYTES));
            LogSlices hot = open.log.readHot(APPENDED - 1, APPENDED, 1 << 20, true);
            assertThat(hot).isNotNull();
            if (hot != null) {
                hot.release();
            }
            open.threads.runAll();
            assertThat(isDone(staged)).isFalse();
            end(open, staged);
        }
        checkAndGoOn(logs(), APPENDED);
    }

    @Test
    void shouldAppendWhatWasStagedSlowlyToWhereItIs() {
        try (OpenLog open = openWithSome()) {
            // given
            ByteBuffer batch = RecordBatches.of(OpenLog.value(APPENDED, LARGE_BYTES) + "z".repeat(LARGE_BYTES));
            CompletionStage<Void> staged = stageSlowly(open, batch);

            // when
            end(open, staged);

            // then
            assertThat(open.log.hasRoomFor(batch.remaining())).isTrue();
            assertThat(open.log.wantsStaging(batch)).isFalse();
            assertThat(open.log.append(batch, 0)).isEqualTo(APPENDED);
            assertThat(((ChronicleLog) open.log).inPlaceWork()).isZero();
        }
    }

    @Test
    void shouldTruncateMeanwhile() throws IOException {
        try (OpenLog open = openWithSome()) {
            // given
            CompletionStage<Void> staged = stageSlowly(open);
            long fileBytes = Files.size(firstSegment());

            // when
            open.threads.await(open.log.truncateTo(5));
            open.threads.runAll();

            // then the cut is made, and the file as it was until the thread has left it
            assertThat(isDone(staged)).isFalse();
            assertThat(Files.size(firstSegment())).isEqualTo(fileBytes);
            checkCopy(5);
            open.appendUpTo(7, LARGE_BYTES);
            checkCopy(7);
            open.threads.endSlowTasks();
            while (open.threads.runOne()) {
                checkCopy(7);
            }
            assertThat(isDone(staged)).isTrue();
            assertThat(Files.size(firstSegment())).isLessThan(fileBytes);
        }
        checkAndGoOn(logs(), 7);
    }

    @Test
    void shouldTruncateFullyMeanwhile() {
        try (OpenLog open = openWithSome()) {
            // given
            CompletionStage<Void> staged = stageSlowly(open);

            // when
            open.threads.await(open.log.truncateFullyAndStartAt(0));
            open.threads.runAll();

            // then
            assertThat(firstSegment()).exists();
            open.appendUpTo(5, LARGE_BYTES);
            end(open, staged);
            open.threads.runAll();
            assertThat(firstSegment()).doesNotExist();
        }
        checkAndGoOn(logs(), 5);
    }

    @Test
    void shouldRollMeanwhile() throws IOException {
        try (OpenLog open = openWithSome()) {
            // given
            CompletionStage<Void> staged = stageSlowly(open);
            long fileBytes = Files.size(firstSegment());

            // when
            assertThat(open.threads.await(open.log.rollIfOld(Long.MAX_VALUE / 2)))
                    .isTrue();
            open.appendUpTo(APPENDED + 5, LARGE_BYTES);
            open.threads.runAll();

            // then
            assertThat(isDone(staged)).isFalse();
            assertThat(Files.size(firstSegment())).isEqualTo(fileBytes);
            checkCopy(APPENDED + 5);
            end(open, staged);
            checkCopy(APPENDED + 5);
            open.threads.runAll();
            assertThat(Files.size(firstSegment())).isLessThan(fileBytes);
        }
        checkAndGoOn(logs(), APPENDED + 5);
    }

    @Test
    void shouldGoOnElsewhereWhenAnotherBatchCannotWait() throws IOException {
        try (OpenLog open = openWithSome()) {
            // given
            CompletionStage<Void> staged = stageSlowly(open);

            // when
            open.appendUpTo(APPENDED + 3);

            // then
            checkCopy(APPENDED + 3);
            end(open, staged);
            checkCopy(APPENDED + 3);
        }
        checkAndGoOn(logs(), APPENDED + 3);
    }

    @Test
    void shouldCloseOnlyWhenTheThreadHasLeftTheFile() throws IOException {
        // given
        OpenLog open = openWithSome();
        CompletionStage<Void> staged = stageSlowly(open);
        long fileBytes = Files.size(firstSegment());

        // when
        CompletionStage<Void> closed = open.log.close();
        open.threads.runAll();

        // then
        assertThat(isDone(closed)).isFalse();
        assertThat(Files.size(firstSegment())).isEqualTo(fileBytes);
        checkCopy(APPENDED);
        end(open, staged);
        open.threads.await(closed);
        open.store.close();
        checkAndGoOn(logs(), APPENDED);
    }

    @Test
    void shouldDeleteOnlyWhenTheThreadHasLeftTheFile() {
        // given
        OpenLog open = openWithSome();
        CompletionStage<Void> staged = stageSlowly(open);

        // when
        CompletionStage<Void> deleted = open.log.delete();
        open.threads.runAll();

        // then
        assertThat(isDone(deleted)).isFalse();
        assertThat(firstSegment()).exists();
        end(open, staged);
        open.threads.await(deleted);
        open.threads.runAll();
        open.store.close();
        checkAndGoOn(logs(), 0);
    }

    /** Any size of file, and bytes of a batch that was on its way behind its end or not: a process that dies leaves only what was appended. */
    private void checkCopy(long endOffset) throws IOException {
        Path copy = directory.resolve("copy-" + copies++);
        OpenLog.copyFiles(logs(), copy);
        checkAndGoOn(copy, endOffset);
    }

    private static void checkAndGoOn(Path root, long endOffset) {
        try (OpenLog open = new OpenLog(root, config())) {
            assertThat(open.log.endOffset()).isEqualTo(endOffset);
            open.appendUpTo(endOffset + 6, LARGE_BYTES);
        }
        try (OpenLog open = new OpenLog(root, config())) {
            assertThat(open.readAll()).isEqualTo(OpenLog.valuesBelow(endOffset + 6, LARGE_BYTES));
        }
    }

    private OpenLog openWithSome() {
        OpenLog open = new OpenLog(logs(), config()).appendUpTo(APPENDED, LARGE_BYTES);
        open.threads.runAll();
        return open;
    }

    private static CompletionStage<Void> stageSlowly(OpenLog open) {
        return stageSlowly(open, RecordBatches.of("S".repeat(LARGE_BYTES)));
    }

    /** Has a staging begun that takes until {@link #end}. */
    private static CompletionStage<Void> stageSlowly(OpenLog open, ByteBuffer batch) {
        while (!open.log.hasRoomFor(batch.remaining())) {
            open.threads.await(open.log.whenRoomFor(batch.remaining()));
        }
        open.threads.runAll();
        open.threads.slowDown(true);
        CompletionStage<Void> staged = open.log.stage(batch);
        open.threads.slowDown(false);
        return staged;
    }

    private static void end(OpenLog open, CompletionStage<Void> staged) {
        assertThat(isDone(staged)).isFalse();
        open.threads.endSlowTasks();
        open.threads.await(staged);
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private Path logs() {
        return directory.resolve("logs");
    }

    private Path firstSegment() {
        return new LogFiles(OpenLog.directory(logs())).batches(1);
    }

    private static LogConfig config() {
        return OpenLog.segmentsOf(4 << 20);
    }
}
