package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that asks for room before each append never does the disk's work, however far behind the disk is. */
class RoomTest {
    private static final int VALUE_BYTES = 10_000;
    private static final ByteBuffer BATCH = RecordBatches.ofValueBytes(VALUE_BYTES, RecordBatches.TIMESTAMP_MS);
    private static final int BATCH_BYTES = BATCH.remaining();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldHaveRoomForSomeAppendsWhileTheDiskStandsStill() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // when no disk task ever runs
            int appended = appendWhileThereIsRoom(open);

            // then
            assertThat(appended).isPositive().isLessThan(WriteAhead.MAX_WINDOW_BYTES / BATCH_BYTES);
            assertThat(inPlaceWork(open)).isZero();
        }
    }

    @Test
    void shouldTellWhenTheDiskHasMadeRoom() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // given
            appendWhileThereIsRoom(open);
            long end = open.log.endOffset();

            // when
            CompletionStage<Void> room = open.log.whenRoomFor(BATCH_BYTES);

            // then nothing has happened in place
            assertThat(open.log.hasRoomFor(BATCH_BYTES)).isFalse();
            assertThat(isDone(room)).isFalse();
            open.threads.await(room);
            assertThat(open.log.hasRoomFor(BATCH_BYTES)).isTrue();
            assertThat(open.log.append(BATCH, 0)).isEqualTo(end);
            assertThat(inPlaceWork(open)).isZero();
        }
    }

    @Test
    void shouldHaveRoomAgainThroughManySegments() throws IOException {
        // given a disk that does one task only when the writer has to wait
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(1 << 20))) {
            // when
            int waits = appendPatiently(open, 3000);

            // then
            assertThat(open.log.endOffset()).isEqualTo(3000);
            assertThat(inPlaceWork(open)).isZero();
            assertThat(waits).as("appends that waited").isPositive();
            assertThat(segments()).isGreaterThan(20);
        }
    }

    @Test
    void shouldMakeRoomForABatchThatIsLargerThanASegment() {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(100_000))) {
            // given
            appendPatiently(open, 5);
            ByteBuffer large = RecordBatches.ofValueBytes(3 << 20, RecordBatches.TIMESTAMP_MS);

            // when
            int waits = awaitRoom(open, large.remaining());

            // then
            assertThat(waits).isPositive();
            open.threads.await(open.log.stage(large));
            assertThat(open.log.append(large, 0)).isEqualTo(5);
            assertThat(inPlaceWork(open)).isZero();
        }
    }

    @Test
    void shouldLookFurtherAheadTheMoreOftenAWriterHadToWait() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // when
            int first = appendPatiently(open, 1000);
            int second = appendPatiently(open, 2000) - first;

            // then
            assertThat(first).isGreaterThan(second);
        }
    }

    @Test
    void shouldTellOfRoomWhenTheLogIsClosed() {
        OpenLog open = new OpenLog(directory, LogConfig.DEFAULT);
        CompletionStage<Void> room;
        try (open) {
            // given
            appendWhileThereIsRoom(open);
            room = open.log.whenRoomFor(BATCH_BYTES);
        }

        // then
        assertThat(isDone(room)).isTrue();
    }

    @Test
    void shouldTellOfRoomWhenTheLogFails() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // given
            appendWhileThereIsRoom(open);
            CompletionStage<Void> room = open.log.whenRoomFor(BATCH_BYTES);

            // when
            ((ChronicleLog) open.log).onFailure(new IllegalStateException("made by the test"));

            // then: not in the middle of what has failed, but before anything the disk does
            assertThat(isDone(room)).isFalse();
            open.threads.runOne();
            assertThat(isDone(room)).isTrue();
        }
    }

    private int segments() throws IOException {
        try (Stream<Path> entries = Files.list(OpenLog.directory(directory))) {
            return (int) entries.count();
        }
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static long inPlaceWork(OpenLog open) {
        return ((ChronicleLog) open.log).inPlaceWork();
    }

    private static int appendWhileThereIsRoom(OpenLog open) {
        int appended = 0;
        while (open.log.hasRoomFor(BATCH_BYTES)) {
            open.log.append(BATCH, 0);
            appended++;
        }
        return appended;
    }

    /** Appends until the log ends at {@code endOffset}; returns how often that had to wait. */
    private static int appendPatiently(OpenLog open, long endOffset) {
        int waits = 0;
        while (open.log.endOffset() < endOffset) {
            waits += awaitRoom(open, BATCH_BYTES);
            open.log.append(BATCH, 0);
        }
        return waits;
    }

    private static int awaitRoom(OpenLog open, int batchBytes) {
        int waits = 0;
        while (!open.log.hasRoomFor(batchBytes)) {
            open.threads.await(open.log.whenRoomFor(batchBytes));
            waits++;
        }
        return waits;
    }
}
