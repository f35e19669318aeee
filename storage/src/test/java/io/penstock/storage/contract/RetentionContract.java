package io.penstock.storage.contract;

import static io.penstock.storage.fixture.RecordBatches.TIMESTAMP_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogConfig;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.Verdict;
import org.junit.jupiter.api.Test;

/** What goes from the front: by size, by age, by request, never more. */
interface RetentionContract extends LogContract {

    @Test
    default void shouldDeleteOldestSegmentsBeyondTheSize() {
        // given: five segments of two batches
        int bytes = singleBytes();
        PartitionLog log = harness().open(LogHarness.retaining(2 * bytes, 5L * bytes, -1));
        harness().appendSingles(10);

        // when
        int deleted = harness().await(log.enforceRetention(TIMESTAMP_MS, log.endOffset()));

        // then: three segments stay, since two would be less than was asked to keep
        assertThat(deleted).isEqualTo(2);
        assertThat(log.startOffset()).isEqualTo(4);
        assertThat(log.sizeBytes()).isEqualTo(6L * bytes);
        assertThat(harness().readAll()).hasSize(6);
    }

    @Test
    default void shouldDeleteSegmentsWhoseNewestRecordIsTooOld() {
        // given
        PartitionLog log = harness().open(LogHarness.retaining(100, -1, 1000));
        harness().append(RecordBatches.withTimestamps(5000, 100));
        harness().append(RecordBatches.withTimestamps(5500));
        harness().append(RecordBatches.withTimestamps(6000));

        // when
        int none = harness().await(log.enforceRetention(6000, 4));
        int first = harness().await(log.enforceRetention(6001, 4));

        // then
        assertThat(none).isZero();
        assertThat(first).isEqualTo(1);
        assertThat(log.startOffset()).isEqualTo(2);
    }

    @Test
    default void shouldEmptyALogWhoseRecordsAreAllTooOld() {
        // given
        PartitionLog log = harness().open(LogHarness.retaining(1 << 20, -1, 1000));
        harness().append(RecordBatches.withTimestamps(5000));

        // when
        harness().await(log.enforceRetention(7000, 1));

        // then
        assertThat(log.startOffset()).isEqualTo(1);
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.sizeBytes()).isZero();
        assertThat(harness().append(RecordBatches.of("next"))).isEqualTo(1);
    }

    @Test
    default void shouldNotDeleteByAgeWhatHasNoTimestamp() {
        // given
        PartitionLog log = harness().open(LogHarness.retaining(100, -1, 3_600_000));
        harness().append(RecordBatches.withTimestamps(-1));
        harness().append(RecordBatches.withTimestamps(-1));

        // when
        harness().await(log.enforceRetention(System.currentTimeMillis(), 2));

        // then
        assertThat(log.startOffset()).isZero();
    }

    @Test
    default void shouldKeepWhatIsNotBelowTheDeletableEnd() {
        // given
        PartitionLog log = harness().open(LogHarness.retaining(100, 0, 1000));
        harness().appendSingles(6);

        // when
        harness().await(log.enforceRetention(TIMESTAMP_MS + 10_000, 3));

        // then
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(harness().readAll()).hasSize(3);
    }

    @Test
    default void shouldKeepEverythingWhenThePolicyDoesNotDelete() {
        // given
        LogConfig c = LogHarness.CONFIG;
        PartitionLog log = harness()
                .open(new LogConfig(
                        100, c.segmentMs(), 0, 0, 1, false, 0, 0, c.maxBatchBytes(), c.producerIdExpirationMs()));
        harness().appendSingles(6);

        // when
        int deleted = harness().await(log.enforceRetention(TIMESTAMP_MS * 2, 6));

        // then
        assertThat(deleted).isZero();
        assertThat(log.startOffset()).isZero();
    }

    @Test
    default void shouldRollTheActiveSegmentByAge() {
        // given
        LogConfig c = LogHarness.CONFIG;
        PartitionLog log = harness()
                .open(new LogConfig(
                        1 << 20, 1000, 0, 0, -1, true, 0, 0, c.maxBatchBytes(), c.producerIdExpirationMs()));
        harness().append(RecordBatches.withTimestamps(5000));

        // when
        int young = harness().await(log.enforceRetention(6000, 1));
        int old = harness().await(log.enforceRetention(6001, 1));
        old += harness().await(log.enforceRetention(6001, 1));

        // then
        assertThat(young).isZero();
        assertThat(old).isEqualTo(1);
        assertThat(log.startOffset()).isEqualTo(1);
    }

    @Test
    default void shouldObeyNewSettings() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(100));
        harness().appendSingles(6);
        assertThat(harness().await(log.enforceRetention(TIMESTAMP_MS, 6))).isZero();

        // when
        log.reconfigure(LogHarness.retaining(100, 0, -1));
        harness().await(log.enforceRetention(TIMESTAMP_MS, 6));

        // then
        assertThat(log.startOffset()).isGreaterThanOrEqualTo(5);
    }

    @Test
    default void shouldAdvanceTheStartIntoABatch() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.of("a", "b", "c"));
        harness().append(RecordBatches.of("d"));

        // when
        long start = harness().await(log.advanceStartTo(2));

        // then
        assertThat(start).isEqualTo(2);
        assertThat(log.startOffset()).isEqualTo(2);
        assertThat(harness().values()).containsExactly("a", "b", "c", "d");
        assertThat(log.leaderEpochs().epochAt(2)).isZero();
    }

    @Test
    default void shouldNeverMoveTheStartBack() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(5);
        harness().await(log.advanceStartTo(3));

        // when
        long start = harness().await(log.advanceStartTo(1));

        // then
        assertThat(start).isEqualTo(3);
        assertThatThrownBy(() -> log.readHot(2, 5, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    default void shouldRefuseAStartAboveTheEnd() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(2);

        // when, then
        harness().assertOutOfRange(() -> log.advanceStartTo(3));
        assertThat(log.startOffset()).isZero();
    }

    @Test
    default void shouldAdvanceTheStartToTheEndAndGoOn() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(100));
        harness().appendSingles(5);

        // when
        harness().await(log.advanceStartTo(5));

        // then
        assertThat(harness().readAll()).isEmpty();
        assertThat(harness().append(RecordBatches.of("next"))).isEqualTo(5);
        assertThat(harness().values()).containsExactly("next");
    }

    @Test
    default void shouldKeepTheStartAfterReopening() {
        // given
        harness().open(LogHarness.segmentsOf(100));
        harness().appendSingles(5);
        harness().await(harness().log().advanceStartTo(3));

        // when
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(reopened.startOffset()).isEqualTo(3);
        assertThat(harness().readAll()).hasSize(2);
    }

    @Test
    default void shouldKeepProducersWhoseRecordsWereDeleted() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(100));
        harness().append(RecordBatches.idempotent(9, 0, 0, 3));
        harness().appendSingles(5);

        // when
        harness().await(log.advanceStartTo(7));
        harness().await(log.enforceRetention(TIMESTAMP_MS, log.endOffset()));

        // then
        assertThat(log.producers().check(9, (short) 0, 3, 3, true).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(log.producers().check(9, (short) 0, 4, 4, true).verdict()).isEqualTo(Verdict.OUT_OF_ORDER);
        PartitionLog reopened = harness().reopen();
        assertThat(reopened.producers().find(9)).isNotNull();
    }

    @Test
    default void shouldForgetIdleProducersButNoneWithAnOpenTransaction() {
        // given
        LogConfig c = LogHarness.CONFIG;
        PartitionLog log =
                harness().open(new LogConfig(1 << 20, c.segmentMs(), 0, -1, -1, true, 0, 0, c.maxBatchBytes(), 1000));
        harness().append(RecordBatches.idempotent(1, 0, 0, 1));
        harness().append(RecordBatches.transactional(2, 0, 0, 1));
        long nowMs = System.currentTimeMillis();

        // when
        harness().await(log.enforceRetention(nowMs, 2));
        assertThat(log.producers().all()).hasSize(2);
        harness().await(log.enforceRetention(nowMs + 1001, 2));

        // then
        assertThat(log.producers().find(1)).isNull();
        assertThat(log.producers().find(2)).isNotNull();
    }

    private static int singleBytes() {
        return RecordBatches.of("v-0").remaining();
    }
}
