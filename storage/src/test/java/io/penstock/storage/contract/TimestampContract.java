package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.BatchRebuild;
import io.penstock.storage.fixture.RecordBatches;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches by time: for records, not for batches. */
interface TimestampContract extends LogContract {

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    default void shouldFindTheFirstRecordAtOrAfterATime(CompressionType compression) {
        // given
        PartitionLog log = harness().log();
        log.append(RecordBatches.withTimestamps(compression, 100, 200, 300), 1);
        log.append(RecordBatches.withTimestamps(compression, 400, 500, 600), 2);

        // when, then
        assertThat(find(0, 6)).isEqualTo(new TimestampedOffset(100, 0, 1));
        assertThat(find(201, 6)).isEqualTo(new TimestampedOffset(300, 2, 1));
        assertThat(find(500, 6)).isEqualTo(new TimestampedOffset(500, 4, 2));
        assertThat(find(601, 6)).isNull();
    }

    @Test
    default void shouldFindTheFirstInOffsetOrderWhenTimesGoBack() {
        // given
        harness().open(LogHarness.segmentsOf(200));
        harness().append(RecordBatches.withTimestamps(900, 100, 100));
        harness().append(RecordBatches.withTimestamps(200, 300));
        harness().append(RecordBatches.withTimestamps(1000));
        harness().append(RecordBatches.withTimestamps(50));

        // when, then
        assertThat(find(250, 7)).isEqualTo(new TimestampedOffset(900, 0, 0));
        assertThat(find(901, 7)).isEqualTo(new TimestampedOffset(1000, 5, 0));
    }

    @Test
    default void shouldFindNothingAtOrAboveTheBound() {
        // given
        harness().append(RecordBatches.withTimestamps(100, 200, 300));
        harness().append(RecordBatches.withTimestamps(400));

        // when, then
        assertThat(find(300, 2)).isNull();
        assertThat(find(300, 3)).isEqualTo(new TimestampedOffset(300, 2, 0));
        assertThat(find(400, 3)).isNull();
    }

    @Test
    default void shouldPassOverBatchesThatDoNotCount() {
        // given
        harness().append(RecordBatches.withTimestamps(100, 200));
        harness().append(RecordBatches.withTimestamps(300, 400));
        harness().append(RecordBatches.withTimestamps(500));

        // when
        TimestampedOffset found = harness()
                .await(harness()
                        .log()
                        .findByTimestamp(150, 5, batch -> BatchHeader.baseOffset(batch, batch.position()) != 0));

        // then
        assertThat(found).isEqualTo(new TimestampedOffset(300, 2, 0));
    }

    @Test
    default void shouldFindNothingInABatchWithoutRecords() {
        // given
        harness().append(RecordBatches.withTimestamps(100, 200));
        harness().append(BatchRebuild.empty(RecordBatches.withTimestamps(900, 1000)));
        harness().append(RecordBatches.withTimestamps(300));

        // when, then
        assertThat(find(250, 5)).isEqualTo(new TimestampedOffset(300, 4, 0));
        assertThat(find(301, 5)).isNull();
        assertThat(max(5)).isEqualTo(new TimestampedOffset(300, 4, 0));
        assertThat(harness().log().endOffset()).isEqualTo(5);
    }

    @Test
    default void shouldFindNothingBelowTheStart() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.withTimestamps(900, 200, 300));
        harness().append(RecordBatches.withTimestamps(400));

        // when
        harness().await(log.advanceStartTo(1));

        // then
        assertThat(find(0, 4)).isEqualTo(new TimestampedOffset(200, 1, 0));
        assertThat(find(301, 4)).isEqualTo(new TimestampedOffset(400, 3, 0));
        assertThat(max(4)).isEqualTo(new TimestampedOffset(400, 3, 0));
    }

    @Test
    default void shouldFindNothingInAnEmptyLog() {
        // when, then
        assertThat(find(0, 0)).isNull();
        assertThat(max(0)).isNull();
    }

    @Test
    default void shouldSearchAcrossManySegments() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        for (int i = 0; i < 50; i++) {
            harness().append(RecordBatches.withTimestamps(1000 + 10 * i, 1005 + 10 * i));
        }

        for (int i = 0; i < 50; i++) {
            // when, then
            assertThat(find(1001 + 10 * i, log.endOffset()))
                    .isEqualTo(new TimestampedOffset(1005 + 10 * i, 2 * i + 1, 0));
        }
    }

    @Test
    default void shouldTakeTheBrokersTimeForEveryRecordOfABatch() {
        // given
        harness().append(RecordBatches.withLogAppendTime(700, 3));

        // when, then
        assertThat(find(600, 3)).isEqualTo(new TimestampedOffset(700, 0, 0));
        assertThat(max(3)).isEqualTo(new TimestampedOffset(700, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    default void shouldFindTheFirstRecordWithTheLargestTime(CompressionType compression) {
        // given
        harness().open(LogHarness.segmentsOf(200));
        harness().append(RecordBatches.withTimestamps(compression, 100, 500));
        harness().append(RecordBatches.withTimestamps(compression, 300, 900, 400, 900));
        harness().append(RecordBatches.withTimestamps(compression, 900));
        harness().append(RecordBatches.withTimestamps(compression, 200));

        // when, then
        assertThat(max(8)).isEqualTo(new TimestampedOffset(900, 3, 0));
        assertThat(max(3)).isEqualTo(new TimestampedOffset(500, 1, 0));
        assertThat(max(1)).isEqualTo(new TimestampedOffset(100, 0, 0));
    }

    @Test
    default void shouldKnowNoLargestTimeWithoutTimestamps() {
        // given
        harness().append(RecordBatches.withTimestamps(-1, -1));

        // when, then
        assertThat(max(2)).isNull();
        assertThat(find(0, 2)).isNull();
    }

    @Test
    default void shouldSearchTheSameAfterTruncatingAndReopening() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        for (int i = 0; i < 20; i++) {
            harness().append(RecordBatches.withTimestamps(2000 - i, 1000 + i));
        }

        // when
        harness().await(log.truncateTo(21));
        harness().append(RecordBatches.withTimestamps(5000));
        harness().reopen();

        // then
        assertThat(find(2001, 21)).isEqualTo(new TimestampedOffset(5000, 20, 0));
        assertThat(max(21)).isEqualTo(new TimestampedOffset(5000, 20, 0));
        assertThat(max(20)).isEqualTo(new TimestampedOffset(2000, 0, 0));
    }

    private @org.jspecify.annotations.Nullable TimestampedOffset find(long timestampMs, long endOffset) {
        return harness().await(harness().log().findByTimestamp(timestampMs, endOffset));
    }

    private @org.jspecify.annotations.Nullable TimestampedOffset max(long endOffset) {
        return harness().await(harness().log().findMaxTimestamp(endOffset));
    }
}
