package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members that join, leave, die, stand still, are too busy to listen, are replaced and lose answers, on a disk that fails and a
 * coordinator that is loaded again, in random order from a seed. {@link GroupHistory} holds after each step; in the end the group
 * settles.
 */
class GroupSimulationTest {
    private static final int PARTITIONS = 16;
    private static final int MAX_MEMBERS = 12;
    private static final int DISTURBANCES = 80;
    /** Enough for one member to be given up and the others to join again, twice: a lost answer costs a round. */
    private static final long SETTLE_MS = 4 * (SimulatedMember.REBALANCE_MS + 5_000) + SimulatedMember.SESSION_MS;

    private final VirtualTime time = new VirtualTime();
    private final GroupHistory history = new GroupHistory();
    private final List<SimulatedMember> members = new ArrayList<>();
    private Random random = new Random();
    private SimulatedCoordinator coordinator = newCoordinator(GroupSettings.DEFAULT);
    private int nextName;

    private SimulatedCoordinator newCoordinator(GroupSettings settings) {
        return new SimulatedCoordinator(time, random, settings, new SimulatedLog(history::onEntry));
    }

    static LongStream seeds() {
        Long known = Long.getLong("penstock.seed");
        return known == null ? new Random().longs(6) : LongStream.of(known);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepItsPromisesWhateverHappens(long seed) {
        simulate(seed);
    }

    @Test
    @Tag("slow")
    void shouldKeepItsPromisesThroughThousandHistories() {
        Random seeds = new Random();
        for (int i = 0; i < 1_000; i++) {
            new GroupSimulationTest().simulate(seeds.nextLong());
        }
    }

    private void simulate(long seed) {
        random = new Random(seed);
        GroupSettings settings = random.nextBoolean() ? GroupSettings.DEFAULT : Settings.withInitialDelayMs(3_000);
        coordinator = newCoordinator(settings);
        try {
            begin(random.nextInt(1, 5));
            int maxPauseMs = 1 << random.nextInt(10, 16);
            for (int i = 0; i < DISTURBANCES; i++) {
                time.runUntil(time.nowMs() + random.nextInt(maxPauseMs));
                disturb();
                if (i % 4 == 0) {
                    checkReplay();
                }
            }
            settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " at " + time.nowMs() + " ms: " + e.getMessage(), e);
        }
    }

    private void begin(int count) {
        IntStream.range(0, count).forEach(i -> add());
    }

    private void add() {
        String name = "m" + nextName++;
        add(name, random.nextInt(3) == 0 ? name : null);
    }

    private void add(String name, @Nullable String instanceId) {
        SimulatedMember member = new SimulatedMember(
                name, instanceId, PARTITIONS, time, random, coordinator, history, random.nextInt(4) == 0 ? 5 : 0);
        members.add(member);
        member.start();
    }

    private List<SimulatedMember> alive() {
        return members.stream().filter(SimulatedMember::isAlive).toList();
    }

    private void disturb() {
        List<SimulatedMember> alive = alive();
        SimulatedMember any = alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
        int what = random.nextInt(10);
        if (any == null || (what < 3 && alive.size() < MAX_MEMBERS)) {
            add();
        } else if (what == 3) {
            any.leave();
        } else if (what == 4) {
            any.die();
        } else if (what == 5 && any.isStatic()) {
            any.die();
            time.after(random.nextInt(SimulatedMember.SESSION_MS), () -> add(any.name, any.name));
        } else if (what == 6) {
            any.pause(random.nextInt(2 * SimulatedMember.SESSION_MS));
        } else if (what == 7) {
            coordinator.hasBadDisk = !coordinator.hasBadDisk;
        } else if (what == 8) {
            coordinator.reload();
        } else if (what == 9) {
            any.beBusy(random.nextInt(2 * SimulatedMember.REBALANCE_MS));
        }
    }

    /** What a coordinator would find in the log now is what this one knows. */
    private void checkReplay() {
        if (!coordinator.isIdle()) {
            return;
        }
        CoordinatorShard replayed = coordinator.newShard();
        coordinator.log.forEach(replayed::replay);
        assertThat(offsets(replayed)).isEqualTo(offsets(coordinator.shard()));
        Group live = coordinator.shard().group(Members.GROUP);
        Group stored = replayed.group(Members.GROUP);
        if (live instanceof ClassicGroup liveGroup && stored instanceof ClassicGroup storedGroup) {
            assertThat(storedGroup.generation()).isLessThanOrEqualTo(liveGroup.generation());
            if (liveGroup.state() == ClassicState.STABLE) {
                assertThat(storedGroup.toRecord()).isEqualTo(liveGroup.toRecord());
            }
        } else {
            assertThat(stored).isEqualTo(live);
        }
    }

    private static OffsetFetchResponseGroup offsets(CoordinatorShard shard) {
        Answer<OffsetFetchResponseGroup> answer = new Answer<>();
        shard.submit(
                GroupCommands.fetchOffsets(
                        new OffsetFetchRequestGroup().setGroupId(Members.GROUP).setTopics(null), false, answer),
                new Now(0, 0));
        return answer.get();
    }

    /**
     * From now on nothing goes wrong, at first apart from answers that get lost. Each of those costs a round of the whole group, and there
     * may be one in every round: so in the end none is lost any more.
     */
    private void settle() {
        coordinator.hasBadDisk = false;
        if (alive().isEmpty()) {
            add();
        }
        time.runUntil(time.nowMs() + 2 * SimulatedMember.REBALANCE_MS);
        members.forEach(SimulatedMember::loseNoMore);
        time.runUntil(time.nowMs() + SETTLE_MS);
        assertThat(coordinator.shard().group(Members.GROUP))
                .isInstanceOfSatisfying(
                        ClassicGroup.class,
                        group -> assertThat(group.stateName()).isEqualTo("Stable"));
        Map<Integer, SimulatedMember> owners = new HashMap<>();
        for (SimulatedMember member : alive()) {
            member.owned()
                    .forEach(partition ->
                            assertThat(owners.put(partition, member)).isNull());
        }
        assertThat(owners).hasSize(PARTITIONS);
        assertThat(history.assignments()).isPositive();
        assertThat(history.committedSum()).isPositive();
    }
}
