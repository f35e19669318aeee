package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.Configs;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What producers are told. */
class AppendTest {
    private final PartitionHarness partition = new PartitionHarness();

    @Test
    void shouldOpenTheLogForTheFirstAppend() {
        // given
        assertThat(partition.store.openCount).isZero();

        // when
        AppendResult result = partition.append(RecordBatches.of("a", "b"), -1).get();

        // then
        assertThat(result).isEqualTo(AppendResult.appended(0, 1, -1, 0));
        assertThat(partition.store.openCount).isOne();
    }

    @Test
    void shouldRunWhatWaitedForTheLogInOrder() {
        // given
        partition.store.holdOpens = true;
        Reply<AppendResult> first = partition.append(RecordBatches.of("a"), 1);
        Reply<AppendResult> second = partition.append(RecordBatches.of("b"), 1);
        assertThat(first.isThere()).isFalse();

        // when
        partition.store.releaseOpens();
        partition.run();

        // then
        assertThat(first.get().baseOffset()).isZero();
        assertThat(second.get().baseOffset()).isOne();
    }

    @Test
    void shouldRefuseUnknownAcks() {
        for (int acks : new int[] {-2, 2, 100}) {
            assertThat(partition.append(RecordBatches.of("a"), acks).get().error())
                    .isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        }
    }

    @Test
    void shouldNameTheLeaderWhenItIsAnother() {
        // given
        partition.update(PartitionHarness.image(2, 5, List.of(1, 2), List.of(2)));

        // when
        AppendResult result = partition.append(RecordBatches.of("a"), 1).get();

        // then
        assertThat(result.error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(result.leaderId()).isEqualTo(2);
        assertThat(result.leaderEpoch()).isEqualTo(5);
        assertThat(partition.store.openCount).as("logs opened for nothing").isZero();
    }

    @Test
    void shouldRefuseAcksAllWithTooFewReplicasAndTakeAcksOne() {
        // given
        partition.update(
                PartitionHarness.image(1, 0, List.of(1, 2), List.of(1)),
                Configs.flushing(Long.MAX_VALUE, Long.MAX_VALUE, 2));

        // when, then
        assertThat(partition.append(RecordBatches.of("a"), -1).get().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(partition.append(RecordBatches.of("b"), 1).get().baseOffset())
                .isZero();
    }

    @Test
    void shouldNotAskForMoreReplicasThanThereAre() {
        // given
        partition.update(PartitionHarness.leader(0), Configs.flushing(Long.MAX_VALUE, Long.MAX_VALUE, 3));

        // when, then
        assertThat(partition.append(RecordBatches.of("a"), -1).get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTimeOutWhenReplicasDoNotFollowAndKeepTheData() {
        // given
        partition.update(PartitionHarness.image(1, 0, List.of(1, 2), List.of(1, 2)));
        Reply<AppendResult> waiting = partition.append(RecordBatches.of("a"), -1, 100, Origin.CLIENT);

        // when
        partition.time.advance(99);
        assertThat(waiting.isThere()).isFalse();
        partition.time.advance(1);

        // then
        assertThat(waiting.get().error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
        assertThat(partition.log().endOffset()).isOne();
    }

    @Test
    void shouldSendWaitingAppendsToTheNewLeader() {
        // given
        partition.update(PartitionHarness.image(1, 0, List.of(1, 2), List.of(1, 2)));
        Reply<AppendResult> waiting = partition.append(RecordBatches.of("a"), -1);

        // when
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(1, 2)));

        // then
        assertThat(waiting.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(waiting.get().leaderId()).isEqualTo(2);
    }

    // ---- idempotence

    @Test
    void shouldAnswerDuplicateWithTheOriginalOffset() {
        // given
        partition.append(RecordBatches.of("x"), 1);
        partition.append(RecordBatches.idempotent(7, 0, 0, 3), -1);

        // when
        AppendResult again =
                partition.append(RecordBatches.idempotent(7, 0, 0, 3), -1).get();

        // then
        assertThat(again).isEqualTo(AppendResult.appended(1, 3, -1, 0));
        assertThat(partition.log().endOffset()).isEqualTo(4);
    }

    @Test
    void shouldTellGapsStaleEpochsAndOldDuplicatesApart() {
        // given six batches of one record each
        for (int sequence = 0; sequence < 6; sequence++) {
            partition.append(RecordBatches.idempotent(7, 1, sequence, 1), 1);
        }

        // when, then
        assertThat(error(RecordBatches.idempotent(7, 1, 0, 1))).isEqualTo(Errors.DUPLICATE_SEQUENCE_NUMBER);
        assertThat(error(RecordBatches.idempotent(7, 1, 7, 1))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(error(RecordBatches.idempotent(7, 0, 6, 1))).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(error(RecordBatches.idempotent(7, 1, 6, 1))).isEqualTo(Errors.NONE);
        assertThat(partition.log().endOffset()).isEqualTo(7);
    }

    @Test
    void shouldRefuseTransactionThatNobodyAnnounced() {
        assertThat(error(RecordBatches.transactional(7, 0, 0, 1))).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    private Errors error(ByteBuffer batch) {
        return partition.append(batch, 1).get().error();
    }

    // ---- long validations

    @Test
    void shouldKeepTheOrderWhenABatchIsValidatedElsewhere() {
        // given a batch that takes more work than the event loop does itself
        ByteBuffer big = RecordBatches.ofValueBytes(3 << 20, RecordBatches.TIMESTAMP_MS);
        partition.update(PartitionHarness.leader(0), Configs.withBigBatches());
        partition.open();

        // when
        Reply<AppendResult> first = new Reply<>();
        Reply<AppendResult> second = new Reply<>();
        partition.live.handle(new AppendCommand(PartitionHarness.ID, Runnable::run, request(big), first));
        partition.live.handle(
                new AppendCommand(PartitionHarness.ID, Runnable::run, request(RecordBatches.of("small")), second));
        partition.threads.runAll();
        assertThat(second.isThere()).as("the one behind").isFalse();
        partition.run();

        // then
        assertThat(first.get().baseOffset()).isZero();
        assertThat(second.get().baseOffset()).isOne();
    }

    private static AppendRequest request(ByteBuffer batch) {
        return new AppendRequest(batch, (short) 1, 1000, Origin.CLIENT);
    }

    @Test
    void shouldNotAnswerBeforeTheWorkerHasLetGoOfTheBatch() {
        // given
        partition.update(PartitionHarness.leader(0), Configs.withBigBatches());
        partition.open();
        Reply<AppendResult> reply = new Reply<>();
        partition.live.handle(new AppendCommand(
                PartitionHarness.ID,
                Runnable::run,
                request(RecordBatches.ofValueBytes(3 << 20, RecordBatches.TIMESTAMP_MS)),
                reply));

        // when the partition goes away meanwhile
        partition.threads.await(partition.live.end(true));
        assertThat(reply.isThere()).isFalse();
        partition.run();

        // then
        assertThat(reply.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    // ---- failures

    @Test
    void shouldRefuseWhileTheDiskIsFullAndHealWithIt() {
        // given
        partition.open().isFull = true;

        // when, then
        assertThat(error(RecordBatches.of("a"))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        partition.log().isFull = false;
        assertThat(error(RecordBatches.of("b"))).isEqualTo(Errors.NONE);
        assertThat(partition.fetch(0, 0).values()).containsExactly("b");
    }

    @Test
    void shouldGoOfflineWhenTheLogFailsAndComeBack() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        partition.log().failAppends = true;

        // when
        Errors failed = error(RecordBatches.of("b"));
        Errors offline = error(RecordBatches.of("c"));
        partition.run();
        partition.time.advance(partition.host.limits().reopenMinMs());
        partition.run();

        // then
        assertThat(failed).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(offline).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(error(RecordBatches.of("d"))).isEqualTo(Errors.NONE);
        assertThat(partition.fetch(0, 0).values()).containsExactly("a", "d");
    }

    @Test
    void shouldWaitTwiceAsLongAfterEachFailedOpen() {
        // given
        partition.store.failOpens = true;
        long firstMs = partition.host.limits().reopenMinMs();

        // when
        assertThat(error(RecordBatches.of("a"))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        partition.time.advance(firstMs);
        partition.run();
        assertThat(partition.store.openCount).isEqualTo(2);
        partition.time.advance(firstMs);
        partition.run();
        assertThat(partition.store.openCount)
                .as("opens before the second wait is over")
                .isEqualTo(2);
        partition.store.failOpens = false;
        partition.time.advance(firstMs);
        partition.run();

        // then
        assertThat(error(RecordBatches.of("a"))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldLetABugCostOneCommandOnly() {
        // given
        partition.open().bug = new IllegalStateException("a bug, made by the test");

        // when
        Errors hit = error(RecordBatches.of("a"));
        partition.log().bug = null;

        // then
        assertThat(hit).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(error(RecordBatches.of("b"))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldBoundWhatWaitsForTheLog() {
        // given
        partition.store.holdOpens = true;
        int limit = partition.host.limits().maxWaitingCommands();
        for (int i = 0; i < limit; i++) {
            assertThat(partition.append(RecordBatches.of("a"), 1).isThere()).isFalse();
        }

        // when, then
        assertThat(error(RecordBatches.of("one too many"))).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }
}
