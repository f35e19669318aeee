package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.FetchResult.DivergingEpoch;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.fixture.RecordBatches;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What consumers are told. */
class FetchTest {
    private final PartitionHarness partition = new PartitionHarness();

    @AfterEach
    void allSlicesAreGivenBack() {
        assertThat(partition.store.slicesOut).as("slices not released").isZero();
    }

    @Test
    void shouldAnswerEmptyAtTheEndAndOutOfRangeBeyond() {
        // given
        partition.append(RecordBatches.of("a", "b"), 1);

        // when
        FetchResult atEnd = partition.fetch(2, 0).get();

        // then
        assertThat(atEnd.error()).isEqualTo(Errors.NONE);
        assertThat(atEnd.records().sizeBytes()).isZero();
        assertThat(atEnd.highWatermark()).isEqualTo(2);
        assertThat(partition.fetch(3, 0).get().error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(partition.fetch(-1, 0).get().error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(partition.fetch(3, 1).get().error()).as("does not wait").isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldReturnTheWholeBatchForAnOffsetInItsMiddle() {
        // given
        partition.append(RecordBatches.of("a", "b", "c"), 1);

        // when, then
        assertThat(partition.fetch(1, 0).values()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldReturnTheFirstBatchThoughLargerThanAsked() {
        // given
        partition.append(RecordBatches.ofValueBytes(1000, RecordBatches.TIMESTAMP_MS), 1);

        // when
        FetchResult whole =
                partition.fetch(new FetchRequest(0, -1, -1, 10, true, false, 1)).get();
        FetchResult nothing = partition
                .fetch(new FetchRequest(0, -1, -1, 10, false, false, 1))
                .get();

        // then
        assertThat(whole.records().sizeBytes()).isGreaterThan(1000);
        assertThat(nothing.records().sizeBytes()).isZero();
        whole.records().release();
    }

    @Test
    void shouldJudgeLeaderEpochs() {
        // given
        partition.update(PartitionHarness.leader(3));

        // when, then
        assertThat(fetchInEpoch(2)).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(fetchInEpoch(3)).isEqualTo(Errors.NONE);
        assertThat(fetchInEpoch(4)).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        partition.update(PartitionHarness.image(2, 4, List.of(1, 2), List.of(2)));
        assertThat(fetchInEpoch(4)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(fetchInEpoch(-1)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    private Errors fetchInEpoch(int epoch) {
        return partition
                .fetch(new FetchRequest(0, epoch, -1, 100, true, false, 0))
                .get()
                .error();
    }

    // ---- waiting

    @Test
    void shouldWakeInTheTurnOfTheAppendThatSuffices() {
        // given
        Replies.Fetched reader = partition.fetch(0, 1);
        assertThat(reader.waiting).containsExactly(0);

        // when the append is run, but nothing that it may have queued
        partition.live.handle(new AppendCommand(
                PartitionHarness.ID,
                Runnable::run,
                new io.penstock.core.partition.AppendRequest(RecordBatches.of("a"), (short) 1, 1000, Origin.CLIENT),
                result -> {}));

        // then
        assertThat(reader.result).isDone();
        assertThat(reader.values()).containsExactly("a");
    }

    @Test
    void shouldWaitForMinBytesAndReportProgress() {
        // given
        int size = RecordBatches.of("a").remaining();
        partition.append(RecordBatches.of("a"), 1);
        Replies.Fetched reader = partition.fetch(0, 3 * size);
        assertThat(reader.waiting).containsExactly(size);

        // when
        partition.append(RecordBatches.of("b"), 1);
        assertThat(reader.waiting).containsExactly(size, 2 * size);
        partition.append(RecordBatches.of("c"), 1);

        // then
        assertThat(reader.values()).containsExactly("a", "b", "c");
        assertThat(reader.waiting).hasSize(2);
    }

    @Test
    void shouldNotWaitForMoreThanTheClientTakes() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        partition.append(RecordBatches.of("b"), 1);
        int size = RecordBatches.of("a").remaining();

        // when one batch is all it takes, yet it waits for ten
        Replies.Fetched reader = partition.fetch(new FetchRequest(0, -1, -1, size, true, false, 10 * size));

        // then
        assertThat(reader.values()).containsExactly("a");
    }

    @Test
    void shouldAnswerNowWhenTheCallerWaitsNoLonger() {
        // given
        int size = RecordBatches.of("a").remaining();
        Replies.Fetched reader = new Replies.Fetched();
        FetchCommand fetch = partition.fetch(new FetchRequest(0, -1, -1, 10_000, true, false, 3 * size), reader);
        partition.append(RecordBatches.of("a"), 1);

        // when
        fetch.completeNow();
        fetch.completeNow();
        partition.run();

        // then
        assertThat(reader.values()).containsExactly("a");
    }

    @Test
    void shouldNotWaitIfTheCallerEndedItBeforeItCame() {
        // given
        Replies.Fetched reader = new Replies.Fetched();
        FetchCommand fetch = new FetchCommand(
                PartitionHarness.ID, Runnable::run, new FetchRequest(0, -1, -1, 100, true, false, 1), reader);

        // when
        fetch.completeNow();
        partition.live.handle(fetch);
        partition.run();

        // then
        assertThat(reader.get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAnswerAtOnceWhenTooManyWait() {
        // given
        PartitionHarness crowded = new PartitionHarness(PartitionConfig.DEFAULT, Limits.withMaxParkedFetches(2));
        crowded.fetch(0, 1);
        crowded.fetch(0, 1);

        // when
        Replies.Fetched third = crowded.fetch(0, 1);

        // then
        assertThat(third.get().error()).isEqualTo(Errors.NONE);
        assertThat(third.get().records().sizeBytes()).isZero();
    }

    @Test
    void shouldSendWaitingConsumersToTheNewLeader() {
        // given
        Replies.Fetched reader = partition.fetch(0, 1);

        // when
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(2)));

        // then
        assertThat(reader.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(reader.get().leaderId()).isEqualTo(2);
        assertThat(reader.get().leaderEpoch()).isEqualTo(1);
    }

    @Test
    void shouldFenceWaitingConsumerOfTheOldEpochAndKeepTheOthers() {
        // given
        Replies.Fetched knowing = partition.fetch(new FetchRequest(0, 0, -1, 100, true, false, 1));
        Replies.Fetched trusting = partition.fetch(0, 1);

        // when
        partition.update(PartitionHarness.leader(1));

        // then
        assertThat(knowing.get().error()).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(trusting.result).isNotDone();
        partition.append(RecordBatches.of("a"), 1);
        assertThat(trusting.values()).containsExactly("a");
    }

    @Test
    void shouldSendEverybodyAwayWhenTheTopicIsDeleted() {
        // given
        Replies.Fetched reader = partition.fetch(0, 1);

        // when
        partition.threads.await(partition.live.end(true));

        // then
        assertThat(reader.get().error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(partition.fetch(0, 1).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.store.list()).isEmpty();
    }

    // ---- transactions

    @Test
    void shouldHideOpenTransactionsFromReadCommittedAndWakeItOnCommit() {
        // given a transaction as the coordinator lets it in
        partition.append(RecordBatches.transactional(7, 0, 0, 1), -1, 1000, Origin.COORDINATOR);
        partition.append(RecordBatches.of("after"), 1);
        Replies.Fetched committed = partition.fetch(new FetchRequest(0, -1, -1, 10_000, true, true, 1));
        FetchResult uncommitted = partition.fetch(0, 0).get();
        assertThat(committed.result).isNotDone();
        assertThat(uncommitted.lastStableOffset()).isZero();
        assertThat(uncommitted.abortedTransactions()).isNull();
        uncommitted.records().release();

        // when
        partition.append(RecordBatches.abortMarker(7, 0, 1), -1, 1000, Origin.COORDINATOR);

        // then
        FetchResult result = committed.get();
        assertThat(result.lastStableOffset()).isEqualTo(3);
        assertThat(result.abortedTransactions()).hasSize(1);
        result.records().release();
    }

    @Test
    void shouldNameNoTransactionsRatherThanNothingToReadCommitted() {
        // given
        partition.append(RecordBatches.of("a"), 1);

        // when, then
        FetchResult atEnd =
                partition.fetch(new FetchRequest(1, -1, -1, 100, true, true, 0)).get();
        assertThat(atEnd.abortedTransactions()).isEmpty();
    }

    // ---- divergence

    @Test
    void shouldTellWhereTheClientsLogParted() {
        // given epoch 0 up to offset 2, then epoch 5
        partition.append(RecordBatches.of("a", "b"), 1);
        partition.update(PartitionHarness.leader(5));
        partition.append(RecordBatches.of("c"), 1);

        // when, then
        assertThat(diverging(3, 0)).isEqualTo(new DivergingEpoch(0, 2));
        assertThat(diverging(3, 4)).isEqualTo(new DivergingEpoch(0, 2));
        assertThat(diverging(2, 0)).isNull();
        assertThat(diverging(3, 5)).isNull();
        assertThat(partition
                        .fetch(new FetchRequest(3, -1, 6, 100, true, false, 0))
                        .get()
                        .error())
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    private @org.jspecify.annotations.Nullable DivergingEpoch diverging(long offset, int lastFetchedEpoch) {
        FetchResult result = partition
                .fetch(new FetchRequest(offset, -1, lastFetchedEpoch, 10_000, true, false, 0))
                .get();
        assertThat(result.error()).isEqualTo(Errors.NONE);
        result.records().release();
        return result.diverging();
    }

    // ---- cold reads

    @Test
    void shouldReadColdWithoutHoldingUpOthers() {
        // given
        partition.append(RecordBatches.of("old"), 1);
        partition.log().isCold = true;
        partition.log().holdReads = true;
        Replies.Fetched cold = partition.fetch(0, 1);

        // when
        partition.append(RecordBatches.of("new"), 1);
        partition.log().isCold = false;
        assertThat(partition.fetch(1, 1).values()).containsExactly("new");
        assertThat(cold.result).isNotDone();
        partition.log().releaseReads();
        partition.run();

        // then
        assertThat(cold.values()).containsExactly("old");
    }

    @Test
    void shouldBoundColdReadsOfOnePartition() {
        // given
        partition.append(RecordBatches.of("old"), 1);
        partition.log().isCold = true;
        partition.log().holdReads = true;

        // when
        List<Replies.Fetched> readers = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> partition.fetch(0, 1))
                .toList();

        // then
        assertThat(partition.log().heldReads())
                .isEqualTo(partition.host.limits().maxColdReadsPerPartition());
        partition.log().releaseReads();
        partition.run();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.values()).containsExactly("old"));
    }

    @Test
    void shouldReleaseWhatAColdReadBringsTooLate() {
        // given
        partition.append(RecordBatches.of("old"), 1);
        partition.log().isCold = true;
        partition.log().holdReads = true;
        Replies.Fetched cold = partition.fetch(0, 1);
        FlakyLog log = partition.log();

        // when
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(2)));
        assertThat(cold.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        log.releaseReads();
        partition.run();

        // then
        assertThat(partition.store.slicesOut).isZero();
    }
}
