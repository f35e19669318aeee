package io.penstock.core.group.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.TaskAssignorInput.Member;
import io.penstock.core.group.streams.TaskAssignorInput.Subtopology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The sharing out of tasks, on its own and beside Kafka's. */
class StickyTaskAssignorTest {
    private static final int RUNS = 150;
    private static final int CHANGES = 15;

    // ---- by example

    private static Member member(String processId, TaskAssignment previous) {
        return new Member(processId, previous);
    }

    private static TaskAssignment had(TaskSet active, TaskSet standby) {
        return new TaskAssignment(active, standby, TaskSet.EMPTY);
    }

    private static TaskSet active(Map<String, TaskAssignment> assigned, String memberId) {
        return Objects.requireNonNull(assigned.get(memberId)).active();
    }

    @Test
    void shouldGiveNothingToNobody() {
        assertThat(StickyTaskAssignor.assign(new TaskAssignorInput(Map.of(), Map.of("0", new Subtopology(3, true)), 1)))
                .isEmpty();
    }

    @Test
    void shouldTakeNoMoreFromAMemberThanANewOneIsToHave() {
        // given
        Map<String, Member> members = Map.of(
                "a", member("p", had(TaskSet.of("0", 0, 1, 2, 3), TaskSet.EMPTY)),
                "b", member("q", TaskAssignment.EMPTY));

        // when
        Map<String, TaskAssignment> assigned =
                StickyTaskAssignor.assign(new TaskAssignorInput(members, Map.of("0", new Subtopology(4, true)), 0));

        // then
        assertThat(active(assigned, "a")).isEqualTo(TaskSet.of("0", 0, 1));
        assertThat(active(assigned, "b")).isEqualTo(TaskSet.of("0", 2, 3));
    }

    @Test
    void shouldMakeTheCopyActiveWhenTheActiveTaskHasGone() {
        // given
        Map<String, Member> members = Map.of(
                "a", member("p", had(TaskSet.of("0", 0), TaskSet.of("0", 3))),
                "b", member("q", had(TaskSet.of("0", 1), TaskSet.of("0", 2))));

        // when
        Map<String, TaskAssignment> assigned =
                StickyTaskAssignor.assign(new TaskAssignorInput(members, Map.of("0", new Subtopology(4, true)), 0));

        // then
        assertThat(active(assigned, "a")).isEqualTo(TaskSet.of("0", 0, 3));
        assertThat(active(assigned, "b")).isEqualTo(TaskSet.of("0", 1, 2));
    }

    @Test
    void shouldSpreadTheTasksOfASubtopology() {
        // given
        Map<String, Member> members =
                Map.of("a", member("p", TaskAssignment.EMPTY), "b", member("q", TaskAssignment.EMPTY));
        Map<String, Subtopology> subtopologies = Map.of("0", new Subtopology(4, true), "1", new Subtopology(4, false));

        // when
        Map<String, TaskAssignment> assigned =
                StickyTaskAssignor.assign(new TaskAssignorInput(members, subtopologies, 0));

        // then
        assertThat(active(assigned, "a").partitions("0")).hasSize(2);
        assertThat(active(assigned, "a").partitions("1")).hasSize(2);
    }

    @Test
    void shouldGiveNoStandbyTaskWithoutStateOrWithoutAnotherProcess() {
        // given
        Map<String, Member> oneProcess =
                Map.of("a", member("p", TaskAssignment.EMPTY), "b", member("p", TaskAssignment.EMPTY));
        Map<String, Member> twoProcesses =
                Map.of("a", member("p", TaskAssignment.EMPTY), "b", member("q", TaskAssignment.EMPTY));

        // when, then
        assertThat(standbys(StickyTaskAssignor.assign(
                        new TaskAssignorInput(oneProcess, Map.of("0", new Subtopology(4, true)), 1))))
                .isZero();
        assertThat(standbys(StickyTaskAssignor.assign(
                        new TaskAssignorInput(twoProcesses, Map.of("0", new Subtopology(4, false)), 1))))
                .isZero();
        assertThat(standbys(StickyTaskAssignor.assign(
                        new TaskAssignorInput(twoProcesses, Map.of("0", new Subtopology(4, true)), 2))))
                .isEqualTo(4);
    }

    // ---- at random

    @Test
    void shouldHoldItsClaimsForApplicationsThatChange() {
        for (int seed = 0; seed < RUNS; seed++) {
            RandomApplication application = new RandomApplication(new Random(seed));
            for (int i = 0; i < CHANGES; i++) {
                String name = "seed " + seed + ", change " + i;
                TaskAssignorInput input = application.input();
                Map<String, TaskAssignment> assigned = StickyTaskAssignor.assign(input);
                checkActive(name, input, assigned);
                checkStandby(name, input, assigned);
                application.carryOut(assigned);
                Map<String, TaskAssignment> again = StickyTaskAssignor.assign(application.input());
                boolean isAnyoneIdle = assigned.values().stream().anyMatch(TaskAssignment::isEmpty);
                if (!isAnyoneIdle) {
                    assertThat(again)
                            .as("%s: nothing moves when nothing has changed", name)
                            .isEqualTo(assigned);
                }
                application.change();
            }
        }
    }

    /** Every task once, shares that differ by one at most, and whoever had no more than its share keeps it. */
    private static void checkActive(String name, TaskAssignorInput input, Map<String, TaskAssignment> assigned) {
        Map<String, Integer> times = new HashMap<>();
        assigned.values()
                .forEach(tasks ->
                        tasks.active().forEach((id, task) -> times.merge(id + "_" + task, 1, (a, b) -> a + b)));
        int total = input.subtopologies().values().stream()
                .mapToInt(Subtopology::taskCount)
                .sum();
        assertThat(times).as(name).hasSize(total);
        assertThat(times.values()).as(name).containsOnly(1);
        IntSummaryStatistics sizes = assigned.values().stream()
                .mapToInt(tasks -> tasks.active().size())
                .summaryStatistics();
        assertThat(sizes.getMax() - sizes.getMin()).as(name).isLessThanOrEqualTo(1);
        int share = total / input.members().size();
        input.members().forEach((memberId, member) -> {
            if (member.previous().active().size() <= share) {
                assertThat(active(assigned, memberId)
                                .containsAll(member.previous().active()))
                        .as("%s: %s keeps what it had", name, memberId)
                        .isTrue();
            }
        });
    }

    /** No process has a task twice, and every task with state has as many copies as there are processes for. */
    private static void checkStandby(String name, TaskAssignorInput input, Map<String, TaskAssignment> assigned) {
        Map<String, Set<String>> byProcess = new TreeMap<>();
        Map<String, Integer> copies = new HashMap<>();
        assigned.forEach((memberId, tasks) -> {
            String processId =
                    Objects.requireNonNull(input.members().get(memberId)).processId();
            Set<String> own = byProcess.computeIfAbsent(processId, id -> new HashSet<>());
            for (TaskSet set : List.of(tasks.active(), tasks.standby())) {
                set.forEach((id, task) -> assertThat(own.add(id + "_" + task))
                        .as("%s: %s has %s_%d once", name, processId, id, task)
                        .isTrue());
            }
            tasks.standby().forEach((id, task) -> copies.merge(id + "_" + task, 1, (a, b) -> a + b));
        });
        int wanted = Math.min(input.standbyReplicas(), byProcess.size() - 1);
        input.subtopologies().forEach((id, subtopology) -> {
            for (int task = 0; task < subtopology.taskCount(); task++) {
                assertThat(copies.getOrDefault(id + "_" + task, 0))
                        .as("%s: copies of %s_%d", name, id, task)
                        .isEqualTo(subtopology.isStateful() ? wanted : 0);
            }
        });
    }

    @Test
    void shouldMoveNoMoreAndBeNoLessEvenThanKafkas() {
        long ours = 0;
        long kafkas = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            RandomApplication application = new RandomApplication(new Random(seed));
            application.carryOut(StickyTaskAssignor.assign(application.input()));
            for (int i = 0; i < CHANGES; i++) {
                application.change();
                TaskAssignorInput input = application.input();
                Map<String, TaskAssignment> our = StickyTaskAssignor.assign(input);
                Map<String, TaskAssignment> their = KafkasTaskAssignor.assign(input);
                assertThat(spread(our)).as("seed %d, change %d", seed, i).isLessThanOrEqualTo(spread(their));
                assertThat(standbys(our)).as("seed %d, change %d", seed, i).isEqualTo(standbys(their));
                if (spread(our) == spread(their)) { // to be less even takes fewer moves
                    ours += moved(input, our);
                    kafkas += moved(input, their);
                }
                application.carryOut(our);
            }
        }
        assertThat(ours).as("active tasks that moved, Kafka's %d", kafkas).isLessThanOrEqualTo(kafkas);
    }

    private static int spread(Map<String, TaskAssignment> assigned) {
        IntSummaryStatistics sizes = assigned.values().stream()
                .mapToInt(tasks -> tasks.active().size())
                .summaryStatistics();
        return sizes.getMax() - sizes.getMin();
    }

    private static int standbys(Map<String, TaskAssignment> assigned) {
        return assigned.values().stream()
                .mapToInt(tasks -> tasks.standby().size())
                .sum();
    }

    /** Active tasks that a member is to have which it had not. */
    private static int moved(TaskAssignorInput input, Map<String, TaskAssignment> assigned) {
        int moved = 0;
        for (Map.Entry<String, TaskAssignment> entry : assigned.entrySet()) {
            TaskSet previous = Objects.requireNonNull(input.members().get(entry.getKey()))
                    .previous()
                    .active();
            moved += entry.getValue().active().without(previous).size();
        }
        return moved;
    }
}
