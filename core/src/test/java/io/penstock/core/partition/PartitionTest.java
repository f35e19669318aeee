package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.memory.InMemoryLogStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static final PartitionId ID = new PartitionId(Uuid.randomUuid(), 0);
    private static final PartitionConfig TWO_REPLICAS = Configs.flushing(Long.MAX_VALUE, Long.MAX_VALUE, 2);

    private final ManualThreads threads = new ManualThreads();
    private final PartitionLog log =
            threads.await(new InMemoryLogStore(1 << 20).open(LogId.of("log"), LogConfig.DEFAULT, threads.context()));

    private static PartitionImage image(int leader, int epoch, List<Integer> replicas, List<Integer> isr) {
        return new PartitionImage(ID, leader, epoch, epoch, replicas, isr);
    }

    private static Partition led(PartitionConfig config, List<Integer> replicas, List<Integer> isr) {
        return new Partition(image(1, 0, replicas, isr), 1, config);
    }

    private static AppendRequest request(int acks) {
        return new AppendRequest(RecordBatches.of("a"), (short) acks, 1000, Origin.CLIENT);
    }

    private void append(Partition partition, String... values) {
        log.append(RecordBatches.of(values), partition.leaderEpoch());
        partition.replayAppended(log, values.length);
    }

    private static IsrTracker isr(Partition partition) {
        return ((ReplicaRole.Leader) partition.role()).isr();
    }

    @Test
    void shouldKnowNoOffsetsBeforeTheLogIsOpen() {
        // given
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1), List.of(1));

        // when, then
        assertThat(partition.isOpened()).isFalse();
        assertThat(partition.highWatermark()).isEqualTo(-1);
        partition.replayOpened(log);
        assertThat(partition.highWatermark()).isZero();
    }

    @Test
    void shouldMoveTheHighWatermarkWithTheSlowestInSyncReplica() {
        // given
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1, 2, 3), List.of(1, 2));
        partition.replayOpened(log);
        append(partition, "a", "b", "c");
        assertThat(partition.highWatermark()).as("follower 2 is unheard of").isZero();

        // when
        isr(partition).onFollowerEnd(2, 2);
        isr(partition).onFollowerEnd(3, 1);
        partition.replayMoved(log);

        // then
        assertThat(partition.highWatermark()).isEqualTo(2);
        partition.replayImage(image(1, 0, List.of(1, 2, 3), List.of(1)));
        partition.replayMoved(log);
        assertThat(partition.highWatermark()).as("follower 2 left").isEqualTo(3);
    }

    @Test
    void shouldNeverMoveTheHighWatermarkBack() {
        // given
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1, 2), List.of(1));
        partition.replayOpened(log);
        append(partition, "a", "b");

        // when a follower that is behind joins
        partition.replayImage(image(1, 0, List.of(1, 2), List.of(1, 2)));
        isr(partition).onFollowerEnd(2, 0);
        partition.replayMoved(log);

        // then
        assertThat(partition.highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldHoldTheHighWatermarkWhileTooFewReplicasAreInSync() {
        // given
        Partition partition = led(TWO_REPLICAS, List.of(1, 2), List.of(1));
        partition.replayOpened(log);

        // when
        append(partition, "a");

        // then
        assertThat(partition.highWatermark()).isZero();
        assertThat(partition.refuseAppend(request(-1)))
                .isNotNull()
                .extracting(AppendResult::error)
                .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(partition.refuseAppend(request(1))).isNull();
    }

    @Test
    void shouldCountOwnRecordsOnlyWhenSyncedIfEveryRecordIsSynced() {
        // given
        Partition partition = led(Configs.flushing(1, Long.MAX_VALUE), List.of(1), List.of(1));
        partition.replayOpened(log);
        append(partition, "a");
        assertThat(partition.highWatermark()).isZero();
        assertThat(partition.wantsSync()).isTrue();

        // when
        threads.await(log.sync());
        partition.replaySyncAsked();
        partition.replayMoved(log);

        // then
        assertThat(partition.highWatermark()).isOne();
        assertThat(partition.wantsSync()).isFalse();
    }

    @Test
    void shouldIgnoreImagesOfThePast() {
        // given
        Partition partition = new Partition(image(1, 5, List.of(1), List.of(1)), 1, PartitionConfig.DEFAULT);

        // when, then
        assertThat(partition.replayImage(image(2, 4, List.of(1, 2), List.of(2))))
                .isFalse();
        assertThat(partition.isLeader()).isTrue();
        assertThat(partition.replayImage(image(2, 6, List.of(1, 2), List.of(2))))
                .isTrue();
        assertThat(partition.isLeader()).isFalse();
    }

    @Test
    void shouldSayThatTheEndIsUnknownUntilTheHighWatermarkReachesTheEpochsStart() {
        // given a new leader whose follower has not been heard of
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1, 2), List.of(1, 2));
        log.append(RecordBatches.of("a", "b"), 0);
        partition.replayOpened(log);
        assertThat(partition.isEndUnknown()).isTrue();

        // when
        isr(partition).onFollowerEnd(2, 2);
        partition.replayMoved(log);

        // then
        assertThat(partition.isEndUnknown()).isFalse();
    }

    @Test
    void shouldBeLeaderlessWithoutLeader() {
        // given
        Partition partition = new Partition(image(-1, 3, List.of(1), List.of(1)), 1, PartitionConfig.DEFAULT);

        // when, then
        assertThat(partition.role().leaderId()).isEqualTo(-1);
        assertThat(partition.checkLeader(3)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.checkLeader(2)).isEqualTo(Errors.FENCED_LEADER_EPOCH);
    }

    @Test
    void shouldTellTransactionOutsideBeforeSequence() {
        // given
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1), List.of(1));
        partition.replayOpened(log);
        append(partition, "x");
        log.append(RecordBatches.idempotent(7, 0, 0, 1), 0);

        // when
        AppendResult refused = check(partition, RecordBatches.transactional(7, 0, 9, 1), Origin.CLIENT);

        // then
        assertThat(refused).isNotNull().extracting(AppendResult::error).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(check(partition, RecordBatches.transactional(8, 0, 0, 1), Origin.COORDINATOR))
                .isNull();
    }

    @Test
    void shouldLetClientsWriteIntoATransactionThatIsOpen() {
        // given
        Partition partition = led(PartitionConfig.DEFAULT, List.of(1), List.of(1));
        partition.replayOpened(log);
        log.append(RecordBatches.transactional(7, 0, 0, 1), 0);

        // when, then
        assertThat(check(partition, RecordBatches.transactional(7, 0, 1, 1), Origin.CLIENT))
                .isNull();
    }

    private @Nullable AppendResult check(Partition partition, ByteBuffer batch, Origin origin) {
        return partition.checkProducer(
                batch, new AppendRequest(batch, (short) 1, 1000, origin), log.producers(), null, false);
    }
}
