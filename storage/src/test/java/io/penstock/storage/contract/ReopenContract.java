package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.epoch.LeaderEpochs.EpochEnd;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Closing, opening again, deleting, and what the store says of its logs. */
interface ReopenContract extends LogContract {

    @Test
    default void shouldHoldTheSameAfterReopening() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(400));
        for (int i = 0; i < 10; i++) {
            log.append(RecordBatches.idempotent(i % 3, 0, i / 3 * 2, 2), i / 4);
            log.append(RecordBatches.of("plain-" + i), i / 4);
        }
        List<ByteBuffer> batches = harness().readAll();
        Set<ProducerState> producers = Set.copyOf(log.producers().all());
        long sizeBytes = log.sizeBytes();

        // when
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(harness().readAll()).isEqualTo(batches);
        assertThat(reopened.startOffset()).isZero();
        assertThat(reopened.endOffset()).isEqualTo(30);
        assertThat(reopened.syncedOffset()).isEqualTo(30);
        assertThat(reopened.sizeBytes()).isEqualTo(sizeBytes);
        assertThat(reopened.producers().all()).containsExactlyInAnyOrderElementsOf(producers);
        assertThat(reopened.leaderEpochs().endOffsetFor(0, 30)).isEqualTo(new EpochEnd(0, 12));
        assertThat(reopened.leaderEpochs().endOffsetFor(1, 30)).isEqualTo(new EpochEnd(1, 24));
        assertThat(reopened.leaderEpochs().latestEpoch()).isEqualTo(2);
    }

    @Test
    default void shouldGoOnAfterReopeningAgainAndAgain() {
        // given
        harness().open(LogHarness.segmentsOf(200));

        // when
        for (int i = 0; i < 10; i++) {
            assertThat(harness().append(RecordBatches.of("v" + i))).isEqualTo(i);
            harness().reopen();
        }

        // then
        assertThat(harness().values()).containsExactly("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9");
    }

    @Test
    default void shouldKnowAnOpenTransactionAfterReopening() {
        // given
        harness().appendSingles(1);
        harness().append(RecordBatches.transactional(10, 3, 0, 2));

        // when
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(reopened.producers().firstOpenTransactionOffset()).isEqualTo(1);
        assertThat(reopened.producers().lastStableOffset(3)).isEqualTo(1);
    }

    @Test
    default void shouldRecogniseDuplicatesAfterReopening() {
        // given
        for (int i = 0; i < 5; i++) {
            harness().append(RecordBatches.idempotent(10, 3, 2 * i, 2));
        }

        // when
        PartitionLog reopened = harness().reopen();

        // then
        for (int i = 0; i < 5; i++) {
            var check = reopened.producers().check(10, (short) 3, 2 * i, 2 * i + 1, true);
            assertThat(check.originalBaseOffset()).isEqualTo(2L * i);
        }
    }

    @Test
    default void shouldRefuseEverythingOnceClosed() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(1);

        // when
        harness().close();

        // then
        assertThatThrownBy(() -> log.append(RecordBatches.of("late"), 0)).isInstanceOf(LogOfflineException.class);
        assertThatThrownBy(() -> log.readHot(0, 1, 100, true)).isInstanceOf(LogOfflineException.class);
        assertThatThrownBy(() -> harness().await(log.sync())).isInstanceOf(LogOfflineException.class);
    }

    @Test
    default void shouldRefuseToOpenALogTwice() {
        // given
        harness().log();

        // when, then
        assertThatThrownBy(() -> harness()
                        .await(harness()
                                .store()
                                .open(
                                        LogId.of("topic", "0"),
                                        LogHarness.CONFIG,
                                        harness().threads().context())))
                .isInstanceOf(LogOfflineException.class);
    }

    @Test
    default void shouldBeGoneAfterDeleting() {
        // given
        harness().appendSingles(3);

        // when
        harness().delete();

        // then
        assertThat(harness().store().list()).isEmpty();
        PartitionLog anew = harness().open(LogHarness.CONFIG);
        assertThat(anew.endOffset()).isZero();
        assertThat(harness().readAll()).isEmpty();
    }

    @Test
    default void shouldListAndDeleteClosedLogs() {
        // given
        harness().appendSingles(3);
        harness().close();

        // when, then
        assertThat(harness().store().list()).containsExactly(LogId.of("topic", "0"));
        assertThat(harness().store().sizeBytes(LogId.of("topic", "0"))).isPositive();
        harness().store().delete(LogId.of("topic", "0"));
        assertThat(harness().store().list()).isEmpty();
        assertThat(harness().store().sizeBytes(LogId.of("topic", "0"))).isZero();
        harness().store().delete(LogId.of("never", "there"));
    }
}
