package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Offsets, bytes and segments of appended batches. */
interface AppendContract extends LogContract {

    @Test
    default void shouldBeEmptyAtOffsetZeroWhenNew() {
        // when
        PartitionLog log = harness().log();

        // then
        assertThat(log.startOffset()).isZero();
        assertThat(log.endOffset()).isZero();
        assertThat(log.syncedOffset()).isZero();
        assertThat(log.sizeBytes()).isZero();
        assertThat(log.leaderEpochs().latestEpoch()).isEqualTo(-1);
        assertThat(log.producers().all()).isEmpty();
        assertThat(harness().readAll()).isEmpty();
    }

    @Test
    default void shouldGiveConsecutiveOffsets() {
        // when
        long first = harness().append(RecordBatches.of("a", "b", "c"));
        long second = harness().append(RecordBatches.of("d"));
        long third = harness().append(RecordBatches.of("e", "f"));

        // then
        assertThat(List.of(first, second, third)).containsExactly(0L, 3L, 4L);
        assertThat(harness().log().endOffset()).isEqualTo(6);
        assertThat(harness().values()).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    default void shouldTellOfRoomInALaterTurn() {
        // given
        ByteBuffer batch = RecordBatches.ofValueBytes(100_000, RecordBatches.TIMESTAMP_MS);

        // when
        CompletionStage<Void> room = harness().log().whenRoomFor(batch.remaining());

        // then
        assertThat(room.toCompletableFuture().isDone()).isFalse();
        harness().await(room);
        assertThat(harness().log().hasRoomFor(batch.remaining())).isTrue();
        assertThat(harness().append(batch)).isZero();
    }

    @Test
    default void shouldStoreEveryByteButBaseOffsetAndLeaderEpoch() {
        // given
        harness().append(RecordBatches.of("before"));
        ByteBuffer batch = RecordBatches.idempotent(7, 1, 0, 3);

        // when
        harness().log().append(batch, 5);

        // then
        ByteBuffer expected = LogHarness.copy(batch);
        BatchHeader.putBaseOffset(expected, 0, 1);
        BatchHeader.putLeaderEpoch(expected, 0, 5);
        ByteBuffer stored = harness().readAll(1, 4).get(0);
        assertThat(stored).isEqualTo(expected);
        assertThat(BatchHeader.crcMatches(stored, 0)).isTrue();
    }

    @Test
    default void shouldLeaveTheGivenBufferAloneWhateverItsKind() {
        // given
        ByteBuffer batch = RecordBatches.of("a");
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 9).position(4);
        direct.put(batch.duplicate()).flip().position(4);
        ByteBuffer readOnly = direct.asReadOnlyBuffer();
        ByteBuffer before = LogHarness.copy(direct);

        // when
        harness().append(batch);
        harness().append(direct);
        harness().append(readOnly);

        // then
        assertThat(direct).isEqualTo(before);
        assertThat(direct.position()).isEqualTo(4);
        assertThat(readOnly.position()).isEqualTo(4);
        assertThat(harness().values()).containsExactly("a", "a", "a");
    }

    @Test
    default void shouldNotKeepTheGivenBuffer() {
        // given
        ByteBuffer batch = RecordBatches.of("kept");
        harness().append(batch);

        // when
        for (int i = 0; i < batch.limit(); i++) {
            batch.put(i, (byte) 0);
        }

        // then
        assertThat(harness().values()).containsExactly("kept");
    }

    @Test
    default void shouldCountTheBytesOfBatchesOnly() {
        // when
        int bytes = harness().appendSingles(5);

        // then
        assertThat(harness().log().sizeBytes()).isEqualTo(5L * bytes);
    }

    @Test
    default void shouldKeepBatchesInOrderAcrossSegments() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(200));

        // when
        harness().appendSingles(25);

        // then
        assertThat(log.endOffset()).isEqualTo(25);
        List<ByteBuffer> batches = harness().readAll();
        assertThat(batches).hasSize(25);
        assertThat(batches)
                .extracting(batch -> BatchHeader.baseOffset(batch, 0))
                .isSorted();
    }

    @Test
    default void shouldTakeABatchLargerThanASegment() {
        // given
        harness().open(LogHarness.segmentsOf(200));
        harness().appendSingles(1);

        // when
        ByteBuffer large = RecordBatches.ofValueBytes(500_000, RecordBatches.TIMESTAMP_MS);
        long offset = harness().append(large);
        harness().appendSingles(1);

        // then
        assertThat(offset).isEqualTo(1);
        assertThat(harness().readAll(1, 2).get(0).remaining()).isEqualTo(large.remaining());
        assertThat(harness().log().endOffset()).isEqualTo(3);
    }

    @Test
    default void shouldNoteWhereEachLeaderEpochBegins() {
        // given
        PartitionLog log = harness().log();

        // when
        log.append(RecordBatches.of("a", "b"), 3);
        log.append(RecordBatches.of("c"), 3);
        log.append(RecordBatches.of("d"), 7);

        // then
        assertThat(log.leaderEpochs().latestEpoch()).isEqualTo(7);
        assertThat(log.leaderEpochs().epochAt(2)).isEqualTo(3);
        assertThat(log.leaderEpochs().epochAt(3)).isEqualTo(7);
        assertThat(log.leaderEpochs().endOffsetFor(5, 4).endOffset()).isEqualTo(3);
    }

    @Test
    default void shouldReportAsSyncedWhatASyncCovered() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(3);
        assertThat(log.syncedOffset()).isLessThanOrEqualTo(3);

        // when
        var first = log.sync();
        var second = log.sync();
        harness().appendSingles(1);

        // then
        assertThat(harness().await(first)).isGreaterThanOrEqualTo(3);
        assertThat(harness().await(second)).isGreaterThanOrEqualTo(3);
        assertThat(log.syncedOffset()).isBetween(3L, 4L);
        assertThat(harness().await(log.sync())).isEqualTo(4);
    }

    @Test
    default void shouldSyncWhileSegmentsRoll() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(200));
        harness().appendSingles(10);

        // when
        var sync = log.sync();
        harness().appendSingles(10);

        // then
        assertThat(harness().await(sync)).isGreaterThanOrEqualTo(10);
        assertThat(harness().await(log.sync())).isEqualTo(20);
    }

    @Test
    default void shouldCompleteStagesOnTheOwner() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(3);
        boolean[] onDisk = {false};

        // when
        var stages = List.of(
                log.sync(),
                log.readCold(0, 3, 1000, true).thenAccept(io.penstock.storage.LogSlices::release),
                log.findByTimestamp(RecordBatches.TIMESTAMP_MS, 3),
                log.findMaxTimestamp(3),
                log.enforceRetention(RecordBatches.TIMESTAMP_MS, 3),
                log.advanceStartTo(1));
        stages.forEach(stage -> stage.whenComplete(
                (value, failure) -> onDisk[0] |= harness().threads().isOnDisk()));
        stages.forEach(stage -> harness().await(stage));

        // then
        assertThat(onDisk[0]).isFalse();
    }
}
