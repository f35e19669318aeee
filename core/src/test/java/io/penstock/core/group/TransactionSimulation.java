package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.SimulatedTransactions.Outcome;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionalOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;

/**
 * Producers that commit offsets in transactions, abort them, are fenced and lose answers, beside commits outside of transactions
 * and deletions, on a disk that fails and a coordinator that is loaded again, with markers that are lost and doubled, from a seed.
 * Always: what is fetched is what {@link ReferenceOffsets} makes of the log, nobody is told an offset of a transaction that is not
 * committed, and no transaction stays open in the log after its coordinator took it for ended.
 */
final class TransactionSimulation {
    private static final int PRODUCERS = 5;
    private static final int DISTURBANCES = 120;
    private static final int MAX_PAUSE_MS = 250;
    private static final long SETTLE_MS = 60_000;
    private static final List<String> GROUPS = List.of("g0", "g1");

    private final VirtualTime time = new VirtualTime();
    private final ReferenceOffsets reference = new ReferenceOffsets();
    private final SimulatedLog log = new SimulatedLog(this::onEntry);
    private final List<SimulatedProducer> producers = new ArrayList<>();
    /** The fate of the transaction of each offset; offsets are all different. */
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private final Random random;
    private final SimulatedCoordinator coordinator;
    private final SimulatedTransactions transactions;
    private long nextOffset = 1;
    private boolean deletes;
    private int stableAnswers;

    private final long seed;

    TransactionSimulation(long seed) {
        this.seed = seed;
        random = new Random(seed);
        coordinator = new SimulatedCoordinator(time, random, GroupSettings.DEFAULT, log);
        transactions = new SimulatedTransactions(time, random, coordinator);
    }

    void run() {
        try {
            deletes = random.nextBoolean();
            for (int id = 0; id < PRODUCERS; id++) {
                SimulatedProducer producer =
                        new SimulatedProducer(id, time, random, coordinator, transactions, () -> nextOffset++);
                producers.add(producer);
                producer.start();
            }
            for (int i = 0; i < DISTURBANCES; i++) {
                time.runUntil(time.nowMs() + random.nextInt(MAX_PAUSE_MS));
                disturb();
                check();
            }
            settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " at " + time.nowMs() + " ms: " + e.getMessage(), e);
        }
    }

    private void onEntry(GroupLogEntry entry) {
        reference.onEntry(entry);
        if (entry instanceof TransactionEnd end) {
            transactions.onEnd(end.producerId());
        } else if (entry instanceof TransactionalOffset commit) {
            long producerId = commit.producer().id();
            CommittedOffset offset = commit.record().offset();
            Outcome outcome = transactions.outcome(producerId);
            assertThat(transactions.isUnderWay(producerId) && !outcome.hasEnded)
                    .as("an offset is in the log before the end of its transaction")
                    .isTrue();
            outcomes.put(offset == null ? -1 : offset.offset(), outcome);
        }
    }

    private String anyGroup() {
        return GROUPS.get(random.nextInt(GROUPS.size()));
    }

    private void disturb() {
        switch (random.nextInt(10)) {
            case 0 -> coordinator.hasBadDisk = !coordinator.hasBadDisk;
            case 1 -> coordinator.reload();
            case 2 -> transactions.fence(random.nextInt(PRODUCERS));
            case 3, 4 ->
                coordinator.submit(GroupCommands.commitOffsets(
                        ShardFixture.commitRequest(anyGroup(), "", -1, "t", random.nextInt(3), nextOffset++),
                        answer -> {}));
            case 5 -> {
                if (deletes) {
                    coordinator.submit(GroupCommands.deleteGroup(anyGroup(), answer -> {}));
                }
            }
            case 6 -> {
                if (deletes) {
                    coordinator.submit(GroupCommands.onTopicDeleted(anyGroup(), "t", TestTopics.id("t")));
                }
            }
            default -> fetch(anyGroup(), random.nextBoolean());
        }
    }

    /** What anybody is told must not be taken back later. */
    private void fetch(String groupId, boolean requireStable) {
        coordinator.submit(GroupCommands.fetchOffsets(asking(groupId), requireStable, answer -> {
            if (answer.errorCode() == Errors.NONE.code()) {
                forEach(answer, (partition, told) -> {
                    Outcome outcome = outcomes.get(told);
                    assertThat(outcome == null || (outcome.isDecided && outcome.isCommit))
                            .as("offset %d of partition %s counts", told, partition)
                            .isTrue();
                });
                stableAnswers++;
            }
        }));
    }

    private static OffsetFetchRequestGroup asking(String groupId) {
        return new OffsetFetchRequestGroup()
                .setGroupId(groupId)
                .setTopics(List.of(new OffsetFetchRequestTopics().setName("t").setPartitionIndexes(List.of(0, 1, 2))));
    }

    private static void forEach(OffsetFetchResponseGroup answer, BiConsumer<String, Long> known) {
        answer.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    if (partition.errorCode() == Errors.NONE.code() && partition.committedOffset() >= 0) {
                        known.accept(
                                ReferenceOffsets.key(answer.groupId(), topic.name(), partition.partitionIndex()),
                                partition.committedOffset());
                    }
                }));
    }

    /** What the coordinator knows, what it would find in the log, and what the log plainly says are the same. */
    private void check() {
        if (!coordinator.isIdle()) {
            return;
        }
        CoordinatorShard replayed = coordinator.newShard();
        coordinator.log.forEach(replayed::replay);
        for (CoordinatorShard shard : List.of(coordinator.shard(), replayed)) {
            assertThat(committed(shard)).isEqualTo(reference.committed());
            assertThat(unstable(shard)).isEqualTo(reference.unstable());
            assertThat(shard.offsetCount()).isEqualTo(reference.committed().size());
        }
        assertThat(Set.copyOf(replayed.groupIds()))
                .isEqualTo(Set.copyOf(coordinator.shard().groupIds()));
    }

    private Map<String, Long> committed(CoordinatorShard shard) {
        Map<String, Long> offsets = new TreeMap<>();
        GROUPS.forEach(groupId -> forEach(answer(shard, groupId, false), offsets::put));
        return offsets;
    }

    private Set<String> unstable(CoordinatorShard shard) {
        Set<String> keys = new TreeSet<>();
        for (String groupId : GROUPS) {
            answer(shard, groupId, true)
                    .topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        if (partition.errorCode() == Errors.UNSTABLE_OFFSET_COMMIT.code()) {
                            keys.add(ReferenceOffsets.key(groupId, topic.name(), partition.partitionIndex()));
                        }
                    }));
        }
        return keys;
    }

    private static OffsetFetchResponseGroup answer(CoordinatorShard shard, String groupId, boolean requireStable) {
        Answer<OffsetFetchResponseGroup> answer = new Answer<>();
        shard.submit(GroupCommands.fetchOffsets(asking(groupId), requireStable, answer), new Now(0, 0));
        return answer.get();
    }

    /** From now on nothing goes wrong, and nothing begins. */
    private void settle() {
        producers.forEach(SimulatedProducer::stop);
        coordinator.hasBadDisk = false;
        transactions.abortAll();
        time.runUntil(time.nowMs() + SETTLE_MS);
        transactions.abortAll(); // what was admitted last
        time.runUntil(time.nowMs() + SETTLE_MS);

        assertThat(transactions.isQuiet()).isTrue();
        assertThat(coordinator.isIdle()).isTrue();
        assertThat(log.open()).as("transactions that never end").isEmpty();
        check();
        assertThat(reference.unstable()).isEmpty();
        assertThat(coordinator.log).anyMatch(OffsetRecord.class::isInstance);
        assertThat(stableAnswers).isPositive();
        if (!deletes) {
            for (SimulatedProducer producer : producers) {
                assertThat(producer.committed).allMatch(reference::hasEnded, "committed by a marker");
            }
        }
    }
}
