package io.penstock.core.group;

import static io.penstock.core.group.StreamsFixture.GROUP;
import static io.penstock.core.group.StreamsFixture.STREAMS_SETTINGS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.StreamsMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads of a streams application join, leave, die and lose answers while topics grow, go and come back, the number of standby tasks
 * changes, and the broker dies and comes back. After every step no task is active twice, no process has a task twice, and epochs have
 * not gone back; now and then what the log says is compared with what is live.
 */
class StreamsSimulationTest {
    private static final int STEPS = 400;
    private static final int MAX_THREADS = 8;
    /** Comparing with the log takes long, so it is not done after every step. */
    private static final int LOG_CHECK_EVERY = 25;

    private final List<SimulatedThread> threads = new ArrayList<>();
    private StreamsFixture groups = new StreamsFixture();
    private Random random = new Random();
    private int threadCount;
    private int lastChosen;
    private int lastGroupEpoch;
    private int lastTargetEpoch;
    private String story = "";

    /** Those that have found something before, and some that nobody knows; only one if it is named. */
    static LongStream seeds() {
        Long known = Long.getLong("penstock.seed");
        return known == null
                ? LongStream.concat(LongStream.of(1, 8, 9, 47, 90, 216, 222, 248, 361), new Random().longs(6))
                : LongStream.of(known);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNeverHaveATaskActiveTwiceAndSettleInTheEnd(long seed) {
        simulate(seed);
    }

    @Test
    @Tag("slow")
    void shouldNeverHaveATaskActiveTwiceAndSettleInTheEndInThousandsOfHistories() {
        new Random().longs(5_000).forEach(seed -> new StreamsSimulationTest().simulate(seed));
    }

    private void simulate(long seed) {
        random = new Random(seed);
        groups = new StreamsFixture(STREAMS_SETTINGS.with(Map.of(
                StreamsGroupSettings.ASSIGNMENT_INTERVAL_KEY, Integer.toString(random.nextInt(2) * 1_000),
                StreamsGroupSettings.INITIAL_REBALANCE_DELAY_KEY, Integer.toString(random.nextInt(2) * 3_000))));
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
        if (threads.isEmpty() || (choice < 8 && threads.size() < MAX_THREADS)) {
            start();
        } else if (choice < 11) {
            any().leave(groups);
            threads.remove(lastChosen);
        } else if (choice < 13) {
            any(); // dies without a word
            threads.remove(lastChosen);
        } else if (choice < 15) {
            groups.configs.put(
                    GROUP, Map.of(StreamsGroupSettings.STANDBY_REPLICAS_KEY, Integer.toString(random.nextInt(3))));
        } else if (choice < 18) {
            changeTopics();
        } else if (choice < 19) {
            groups.broker.restart();
        } else if (choice < 45) {
            groups.broker.advance(random.nextInt(5_000));
        } else if (choice < 65) {
            any().work();
        } else {
            any().beat(groups, random.nextInt(8) == 0);
        }
    }

    private SimulatedThread any() {
        lastChosen = random.nextInt(threads.size());
        return threads.get(lastChosen);
    }

    private void start() {
        SimulatedThread thread = new SimulatedThread("c" + threadCount++, "p" + random.nextInt(4));
        thread.beat(groups, false);
        threads.add(thread);
    }

    /** The changelog goes, or comes back, or both topics grow. */
    private void changeTopics() {
        TestTopics topics = groups.broker.topics;
        KnownTopic source = requireNonNull(topics.topic("in"));
        if (topics.topic("log") == null) {
            groups.broker.onTopics(topics.with("log", source.partitionCount()), true);
        } else if (random.nextBoolean()) {
            groups.broker.onTopics(topics.without("log"), false);
        } else {
            int count = source.partitionCount() + 1;
            groups.broker.onTopics(topics.with("in", count).with("log", count), false);
        }
    }

    // ---- what must hold

    private @Nullable StreamsGroup group() {
        return groups.broker.shard.group(GROUP) instanceof StreamsGroup group ? group : null;
    }

    private void check() {
        StreamsGroup group = group();
        if (group == null) {
            return;
        }
        checkOwners(group);
        checkEpochs(group);
        checkThreads(group);
        if (random.nextInt(LOG_CHECK_EVERY) == 0) {
            checkLog(group);
        }
    }

    private void checkOwners(StreamsGroup group) {
        Set<String> active = new HashSet<>();
        Map<String, Set<String>> byProcess = new HashMap<>();
        for (StreamsMember member : group.roster().members()) {
            Set<String> own = byProcess.computeIfAbsent(member.processId(), id -> new HashSet<>());
            List<TaskSet> activeSets = List.of(
                    member.assigned().active().tasks(),
                    member.pendingRevocation().active().tasks());
            for (TaskSet set : activeSets) {
                set.forEach((id, task) -> {
                    assertThat(active.add(id + "_" + task))
                            .as("%s: %s_%d is active once", story, id, task)
                            .isTrue();
                    checkOnce(own, member, id, task);
                });
            }
            List<TaskSet> copies = List.of(
                    member.assigned().standby(), member.pendingRevocation().standby());
            copies.forEach(set -> set.forEach((id, task) -> checkOnce(own, member, id, task)));
        }
    }

    private void checkOnce(Set<String> ofProcess, StreamsMember member, String id, int task) {
        assertThat(ofProcess.add(id + "_" + task))
                .as("%s: process %s has %s_%d once", story, member.processId(), id, task)
                .isTrue();
    }

    private void checkEpochs(StreamsGroup group) {
        assertThat(group.epoch()).as(story).isGreaterThanOrEqualTo(lastGroupEpoch);
        assertThat(group.targets().epoch()).as(story).isGreaterThanOrEqualTo(lastTargetEpoch);
        assertThat(group.targets().epoch()).as(story).isLessThanOrEqualTo(group.epoch());
        lastGroupEpoch = group.epoch();
        lastTargetEpoch = group.targets().epoch();
    }

    /** What a thread works on is its own, as long as the broker has not given it up. */
    private void checkThreads(StreamsGroup group) {
        for (SimulatedThread thread : threads) {
            StreamsMember member = group.member(thread.id);
            boolean isWithUs = member != null
                    && thread.epoch > StreamsMember.JOINING_EPOCH
                    && (thread.epoch == member.epoch() || thread.epoch == member.previousEpoch());
            if (member != null && isWithUs) {
                TaskSet held = member.assigned()
                        .active()
                        .tasks()
                        .union(member.pendingRevocation().active().tasks());
                assertThat(held.containsAll(thread.owned.active()))
                        .as("%s: %s works on %s and may work on %s", story, thread.id, thread.owned.active(), held)
                        .isTrue();
            }
        }
    }

    private void checkLog(StreamsGroup group) {
        ShardFixture copy = new ShardFixture(groups.broker.settings);
        groups.broker.log.forEach(copy.shard::replay);
        StreamsGroup replayed = requireNonNull((StreamsGroup) copy.shard.group(GROUP), story);
        assertThat(stored(replayed)).as(story).isEqualTo(stored(group));
    }

    /** All of a group that is in the log. */
    private static List<Object> stored(StreamsGroup group) {
        Map<String, Object> members = new HashMap<>();
        group.roster()
                .members()
                .forEach(member ->
                        members.put(member.id(), List.of(member, group.targets().of(member.id()))));
        return List.of(
                group.header(),
                requireNonNull(group.topology()),
                group.targets().epoch(),
                group.targets().timeMs(),
                members);
    }

    // ---- the end

    private void settle() {
        if (threads.isEmpty()) {
            start();
        }
        int count = requireNonNull(groups.broker.topics.topic("in")).partitionCount();
        groups.broker.onTopics(groups.broker.topics.with("log", count), true);
        for (int round = 0; round < 30; round++) {
            for (SimulatedThread thread : threads) {
                thread.work();
                thread.beat(groups, false);
                check();
            }
            groups.broker.advance(3_000);
        }
        StreamsGroup group = requireNonNull(group(), story);
        assertThat(group.stateName()).as(story).isEqualTo("Stable");
        checkLog(group);
        TaskSet.Builder active = new TaskSet.Builder();
        threads.forEach(thread -> active.addAll(thread.owned.active()));
        assertThat(active.build().partitions("0")).as(story).hasSize(count);
    }
}
