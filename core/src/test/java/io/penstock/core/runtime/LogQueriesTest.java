package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.Configs;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.storage.fixture.RecordBatches;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** Answers about offsets, and DeleteRecords. */
class LogQueriesTest {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;

    private final PartitionHarness partition = new PartitionHarness();

    private static OffsetResult found(long timestampMs, long offset, int epoch) {
        return new OffsetResult(Errors.NONE, timestampMs, offset, epoch);
    }

    @Test
    void shouldTellBothEnds() {
        // given
        partition.append(RecordBatches.of("a", "b", "c"), 1);
        partition.deleteRecords(1);

        // when, then
        assertThat(partition.listOffset(LATEST, false).get()).isEqualTo(found(-1, 3, 0));
        assertThat(partition.listOffset(EARLIEST, false).get()).isEqualTo(found(-1, 1, 0));
        assertThat(partition.listOffset(-4, false).get()).isEqualTo(found(-1, 1, 0));
    }

    @Test
    void shouldSayThatNothingIsTiered() {
        assertThat(partition.listOffset(-5, false).get()).isEqualTo(found(-1, -1, -1));
        assertThat(partition.listOffset(-6, false).get()).isEqualTo(found(-1, -1, -1));
        assertThat(partition.listOffset(-7, false).get().error()).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldMeanTheLastStableOffsetByLatestForReadCommitted() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        partition.append(RecordBatches.transactional(7, 0, 0, 2), -1, 1000, Origin.COORDINATOR);

        // when, then
        assertThat(partition.listOffset(LATEST, true).get().offset()).isEqualTo(1);
        assertThat(partition.listOffset(LATEST, false).get().offset()).isEqualTo(3);
    }

    @Test
    void shouldFindTheRecordByTimestampAlsoInsideOfACompressedBatch() {
        // given
        partition.append(RecordBatches.withTimestamps(CompressionType.LZ4, 100, 300, 200), 1);

        // when, then
        assertThat(partition.listOffset(150, false).get()).isEqualTo(found(300, 1, 0));
        assertThat(partition.listOffset(-3, false).get()).isEqualTo(found(300, 1, 0));
        assertThat(partition.listOffset(301, false).get()).as("no error").isEqualTo(found(-1, -1, -1));
    }

    @Test
    void shouldNeverAnswerBelowTheLogStart() {
        // given
        partition.append(RecordBatches.withTimestamps(100, 200, 300), 1);
        partition.deleteRecords(2);

        // when, then
        assertThat(partition.listOffset(50, false).get()).isEqualTo(found(300, 2, 0));
    }

    @Test
    void shouldJudgeLeaderEpochs() {
        // given
        partition.update(PartitionHarness.leader(3));

        // when, then
        assertThat(partition.listOffset(new OffsetQuery(LATEST, 2, false)).get().error())
                .isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(partition.listOffset(new OffsetQuery(LATEST, 4, false)).get().error())
                .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        assertThat(partition.epochEnd(4, 0).get().error()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        partition.update(PartitionHarness.image(-1, 4, List.of(1), List.of(1)));
        assertThat(partition.listOffset(LATEST, false).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.deleteRecords(0).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldTellWhereEpochsEnded() {
        // given
        partition.append(RecordBatches.of("a", "b"), 1);
        partition.update(PartitionHarness.leader(4));
        partition.append(RecordBatches.of("c"), 1);

        // when, then
        assertThat(partition.epochEnd(-1, 0).get()).isEqualTo(new EpochEndResult(Errors.NONE, 0, 2));
        assertThat(partition.epochEnd(4, 2).get()).isEqualTo(new EpochEndResult(Errors.NONE, 0, 2));
        assertThat(partition.epochEnd(4, 4).get()).isEqualTo(new EpochEndResult(Errors.NONE, 4, 3));
        assertThat(partition.epochEnd(4, 9).get()).isEqualTo(new EpochEndResult(Errors.NONE, -1, -1));
    }

    // ---- DeleteRecords

    @Test
    void shouldDeleteUpToTheHighWatermarkForMinusOne() {
        // given
        partition.append(RecordBatches.of("a", "b"), 1);

        // when, then
        assertThat(partition.deleteRecords(-1).get()).isEqualTo(new DeleteRecordsResult(Errors.NONE, 2));
        assertThat(partition.fetch(0, 0).get().error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(partition.fetch(2, 0).get().logStartOffset()).isEqualTo(2);
    }

    @Test
    void shouldNotDeleteBeyondTheHighWatermarkNorBackwards() {
        // given
        partition.append(RecordBatches.of("a", "b"), 1);

        // when, then
        assertThat(partition.deleteRecords(3).get().error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(partition.deleteRecords(-2).get().error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(partition.deleteRecords(1).get().lowWatermark()).isEqualTo(1);
        assertThat(partition.deleteRecords(0).get()).isEqualTo(new DeleteRecordsResult(Errors.NONE, 1));
    }

    @Test
    void shouldNotDeleteFromTopicsThatAreOnlyCompacted() {
        // given
        partition.update(PartitionHarness.leader(0), Configs.compacted());

        // when, then
        assertThat(partition.deleteRecords(-1).get().error()).isEqualTo(Errors.POLICY_VIOLATION);
    }

    // ---- status

    @Test
    void shouldTellFiguresWithoutOpeningAClosedLog() {
        // when, then
        assertThat(partition.status().get()).isEqualTo(new PartitionStatus(Errors.NONE, -1, -1, -1, -1, 0, List.of()));
        assertThat(partition.store.openCount).isZero();
    }

    @Test
    void shouldTellFiguresOfAnOpenLog() {
        // given
        partition.append(RecordBatches.idempotent(7, 0, 0, 2), 1);

        // when
        PartitionStatus status = partition.status().get();

        // then
        assertThat(status.logEndOffset()).isEqualTo(2);
        assertThat(status.highWatermark()).isEqualTo(2);
        assertThat(status.sizeBytes()).isPositive();
        assertThat(status.producers())
                .singleElement()
                .satisfies(producer -> assertThat(producer.producerId()).isEqualTo(7));
    }
}
