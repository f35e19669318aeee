package io.penstock.core.group.streams;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.TaskAssignorInput.Member;
import io.penstock.core.group.streams.TaskAssignorInput.Subtopology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether what members were to have so far is still right, so that nothing needs to move: every task is active once, shares differ by
 * one at most, every task with state has its copies in processes of their own, and nobody is idle. Owned by one call.
 */
final class SettledTasks {
    private final TaskAssignorInput input;
    private final Map<Task, Integer> active = new HashMap<>();
    private final Map<Task, Integer> copies = new HashMap<>();
    private final Map<String, Set<Task>> byProcess = new HashMap<>();
    private int leastActive = Integer.MAX_VALUE;
    private int mostActive;
    private boolean isSound = true;

    /** One task. */
    private record Task(String subtopologyId, int partition) {}

    private SettledTasks(TaskAssignorInput input) {
        this.input = input;
    }

    static boolean isSettled(TaskAssignorInput input) {
        SettledTasks settled = new SettledTasks(input);
        input.members().values().forEach(settled::look);
        return settled.isSound && settled.mostActive - settled.leastActive <= 1 && settled.isComplete();
    }

    private void look(Member member) {
        TaskAssignment previous = member.previous();
        isSound &= previous.size() > 0 && previous.warmup().isEmpty();
        leastActive = Math.min(leastActive, previous.active().size());
        mostActive = Math.max(mostActive, previous.active().size());
        Set<Task> own = byProcess.computeIfAbsent(member.processId(), id -> new HashSet<>());
        count(previous.active(), active, own);
        count(previous.standby(), copies, own);
    }

    private void count(TaskSet tasks, Map<Task, Integer> counts, Set<Task> ofProcess) {
        tasks.forEach((id, partition) -> {
            Task task = new Task(id, partition);
            counts.merge(task, 1, Integer::sum);
            isSound &= ofProcess.add(task);
        });
    }

    private boolean isComplete() {
        int replicas = Math.min(input.standbyReplicas(), byProcess.size() - 1);
        int taskCount = 0;
        int copyCount = 0;
        for (Map.Entry<String, Subtopology> entry : input.subtopologies().entrySet()) {
            Subtopology subtopology = entry.getValue();
            int wanted = subtopology.isStateful() ? replicas : 0;
            taskCount += subtopology.taskCount();
            copyCount += wanted > 0 ? subtopology.taskCount() : 0;
            for (int partition = 0; partition < subtopology.taskCount(); partition++) {
                Task task = new Task(entry.getKey(), partition);
                if (active.getOrDefault(task, 0) != 1 || copies.getOrDefault(task, 0) != wanted) {
                    return false;
                }
            }
        }
        return active.size() == taskCount && copies.size() == copyCount; // none of subtopologies that are gone
    }
}
