package io.penstock.core.group.streams;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.coordinator.group.streams.assignor.AssignmentMemberSpec;
import org.apache.kafka.coordinator.group.streams.assignor.GroupSpecImpl;
import org.apache.kafka.coordinator.group.streams.assignor.TopologyDescriber;

/** Kafka's assignor of tasks, asked as ours is. */
final class KafkasTaskAssignor {
    private KafkasTaskAssignor() {}

    static Map<String, TaskAssignment> assign(TaskAssignorInput input) {
        Map<String, AssignmentMemberSpec> members = new HashMap<>();
        input.members()
                .forEach((id, member) -> members.put(
                        id,
                        new AssignmentMemberSpec(
                                Optional.empty(),
                                Optional.empty(),
                                tasks(member.previous().active()),
                                tasks(member.previous().standby()),
                                Map.of(),
                                member.processId(),
                                Map.of(),
                                Map.of(),
                                Map.of())));
        Map<String, String> configs = Map.of("num.standby.replicas", Integer.toString(input.standbyReplicas()));
        Map<String, TaskAssignment> assigned = new HashMap<>();
        new org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor()
                .assign(new GroupSpecImpl(members, configs), describer(input))
                .members()
                .forEach((id, member) -> assigned.put(
                        id,
                        new TaskAssignment(tasks(member.activeTasks()), tasks(member.standbyTasks()), TaskSet.EMPTY)));
        return assigned;
    }

    private static TopologyDescriber describer(TaskAssignorInput input) {
        return new TopologyDescriber() {
            @Override
            public List<String> subtopologies() {
                return List.copyOf(input.subtopologies().keySet());
            }

            @Override
            public int maxNumInputPartitions(String id) {
                return Objects.requireNonNull(input.subtopologies().get(id)).taskCount();
            }

            @Override
            public boolean isStateful(String id) {
                return Objects.requireNonNull(input.subtopologies().get(id)).isStateful();
            }
        };
    }

    private static Map<String, Set<Integer>> tasks(TaskSet tasks) {
        Map<String, Set<Integer>> byId = new TreeMap<>();
        tasks.bySubtopology().forEach((id, partitions) -> byId.put(id, new HashSet<>(partitions)));
        return Collections.unmodifiableMap(byId);
    }

    private static TaskSet tasks(Map<String, Set<Integer>> byId) {
        TaskSet.Builder tasks = new TaskSet.Builder();
        byId.forEach(tasks::addAll);
        return tasks.build();
    }
}
