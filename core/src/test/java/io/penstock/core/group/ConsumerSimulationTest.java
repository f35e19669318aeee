package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.CONSUMER_SETTINGS;
import static io.penstock.core.group.ConsumerFixture.GROUP;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members of a consumer group join, leave, die, come back and lose answers while topics come, grow and go and the broker dies and
 * comes back. After every step nobody has what another has and epochs have not gone back; now and then what the log says is
 * compared with what is live.
 */
class ConsumerSimulationTest {
    private static final int STEPS = 400;
    private static final int MAX_CLIENTS = 8;
    /** Comparing with the log takes long, so it is not done after every step. */
    private static final int LOG_CHECK_EVERY = 25;

    private static final List<String> TOPICS = List.of("t", "u", "v");

    private final List<SimulatedConsumer> clients = new ArrayList<>();
    private ConsumerFixture groups = new ConsumerFixture();
    private Random random = new Random();
    private int clientCount;
    private int lastChosen;
    private int lastGroupEpoch;
    private int lastTargetEpoch;
    private String story = "";

    /** Those that have found something before, and some that nobody knows; only one if it is named. */
    static LongStream seeds() {
        Long known = Long.getLong("penstock.seed");
        return known == null
                ? LongStream.concat(
                        LongStream.of(1, 23, 29, 37, 53, 88, 111, 336, 382, 1637, 3098), new Random().longs(6))
                : LongStream.of(known);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNeverHaveTwoOwnersAndSettleInTheEnd(long seed) {
        simulate(seed);
    }

    @Test
    @Tag("slow")
    void shouldNeverHaveTwoOwnersAndSettleInTheEndInThousandsOfHistories() {
        new Random().longs(5_000).forEach(seed -> new ConsumerSimulationTest().simulate(seed));
    }

    private void simulate(long seed) {
        random = new Random(seed);
        groups = new ConsumerFixture(CONSUMER_SETTINGS.with(
                Map.of("consumer.assignment.interval.ms", Integer.toString(random.nextInt(2) * 1_000))));
        try {
            for (int step = 0; step < STEPS; step++) {
                story = "step " + step;
                act();
                check();
            }
            story = "settling";
            settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", " + e.getMessage(), e);
        }
    }

    // ---- what happens

    private void act() {
        int choice = random.nextInt(100);
        if (clients.isEmpty() || (choice < 8 && clients.size() < MAX_CLIENTS)) {
            start();
        } else if (choice < 11) {
            any().leave(groups);
            clients.remove(lastChosen);
        } else if (choice < 13) {
            any(); // dies without a word
            clients.remove(lastChosen);
        } else if (choice < 16) {
            any().subscribe(someTopics());
        } else if (choice < 19) {
            changeTopics();
        } else if (choice < 20) {
            groups.broker.restart();
        } else if (choice < 45) {
            groups.broker.advance(random.nextInt(5_000));
        } else if (choice < 65) {
            any().work();
        } else {
            beat(any(), random.nextInt(8) == 0);
        }
    }

    private SimulatedConsumer any() {
        lastChosen = random.nextInt(clients.size());
        return clients.get(lastChosen);
    }

    private void start() {
        String instanceId = random.nextInt(3) == 0 ? "i" + random.nextInt(3) : null;
        boolean isTaken =
                instanceId != null && clients.stream().anyMatch(client -> instanceId.equals(client.instanceId));
        if (isTaken || isHeldByTheDead(instanceId)) {
            return;
        }
        SimulatedConsumer client = new SimulatedConsumer("c" + clientCount++, instanceId, someTopics());
        clients.add(client);
        beat(client, clientCount % 8 == 0);
    }

    private void beat(SimulatedConsumer client, boolean isAnswerLost) {
        client.beat(groups, isAnswerLost);
        if (client.hasFailed()) {
            clients.remove(client);
        }
    }

    /** A static member that died without a word keeps its place until its session is over. */
    private boolean isHeldByTheDead(@Nullable String instanceId) {
        ConsumerGroup group = group();
        ConsumerMember holder = group == null ? null : group.roster().staticMember(instanceId);
        return holder != null && !holder.hasLeftForAWhile();
    }

    private List<String> someTopics() {
        return random.nextInt(3) == 0 ? List.of(TOPICS.get(random.nextInt(3))) : TOPICS;
    }

    private void changeTopics() {
        String name = TOPICS.get(random.nextInt(3));
        TestTopics topics = groups.broker.topics;
        var known = topics.topic(name);
        if (known == null) {
            groups.broker.onTopics(topics.with(name, new Uuid(random.nextLong(), 1), 1 + random.nextInt(5)), true);
        } else if (random.nextInt(3) == 0) {
            groups.broker.onTopics(topics.without(name), false);
        } else {
            groups.broker.onTopics(topics.with(name, known.id(), known.partitionCount() + 1), false);
        }
    }

    // ---- what must hold

    private @Nullable ConsumerGroup group() {
        return groups.broker.shard.group(GROUP) instanceof ConsumerGroup group ? group : null;
    }

    private void check() {
        ConsumerGroup group = group();
        if (group == null) {
            return;
        }
        checkOwners(group);
        checkEpochs(group);
        checkClients(group);
        if (random.nextInt(LOG_CHECK_EVERY) == 0) {
            checkLog(group);
        }
    }

    private void checkOwners(ConsumerGroup group) {
        Set<String> held = new HashSet<>();
        for (ConsumerMember member : group.roster().members()) {
            member.held().forEach((topicId, partition) -> {
                assertThat(held.add(topicId + "-" + partition))
                        .as("%s: %s-%s has one owner", story, topicId, partition)
                        .isTrue();
                assertThat(group.owners().owner(topicId, partition)).as(story).isEqualTo(member.id());
            });
        }
    }

    private void checkEpochs(ConsumerGroup group) {
        assertThat(group.epoch()).as(story).isGreaterThanOrEqualTo(lastGroupEpoch);
        assertThat(group.targets().epoch()).as(story).isGreaterThanOrEqualTo(lastTargetEpoch);
        assertThat(group.targets().epoch()).as(story).isLessThanOrEqualTo(group.epoch());
        lastGroupEpoch = group.epoch();
        lastTargetEpoch = group.targets().epoch();
        for (ConsumerMember member : group.roster().members()) {
            assertThat(member.epoch()).as(story).isLessThanOrEqualTo(lastTargetEpoch);
        }
    }

    /** What a client reads is its own, as long as it has not been put out, which it learns later. */
    private void checkClients(ConsumerGroup group) {
        for (SimulatedConsumer client : clients) {
            ConsumerMember member = group.member(client.id);
            if (member != null && client.epoch > ConsumerMember.JOINING_EPOCH) {
                assertThat(member.held().containsAll(client.owned))
                        .as("%s: %s reads %s and may read %s", story, client.id, client.owned, member.held())
                        .isTrue();
            }
        }
    }

    private void checkLog(ConsumerGroup group) {
        ShardFixture copy = new ShardFixture(groups.broker.settings);
        groups.broker.log.forEach(copy.shard::replay);
        ConsumerGroup replayed = requireNonNull((ConsumerGroup) copy.shard.group(GROUP), story);
        assertThat(ConsumerSnapshot.of(replayed)).as(story).isEqualTo(ConsumerSnapshot.of(group));
    }

    // ---- the end

    private void settle() {
        for (int round = 0; round < 30; round++) {
            if (clients.isEmpty()) {
                start(); // the last may have failed just now
            }
            for (SimulatedConsumer client : List.copyOf(clients)) {
                client.work();
                beat(client, false);
                check();
            }
            groups.broker.advance(3_000);
        }
        ConsumerGroup group = requireNonNull(group(), story);
        assertThat(group.stateName()).as(story).isEqualTo("Stable");
        checkLog(group);
        PartitionSet.Builder read = new PartitionSet.Builder();
        clients.forEach(client -> read.addAll(client.owned));
        assertThat(read.build()).as(story).isEqualTo(all(group));
    }

    /** Every partition of every topic that somebody subscribes to. */
    private PartitionSet all(ConsumerGroup group) {
        PartitionSet.Builder all = new PartitionSet.Builder();
        for (String name : new TreeSet<>(group.subscriptions().topics())) {
            var topic = groups.broker.topics.topic(name);
            for (int partition = 0; topic != null && partition < topic.partitionCount(); partition++) {
                all.add(topic.id(), partition);
            }
        }
        return all.build();
    }
}
