package io.penstock.core.group.streams;

import io.penstock.core.group.record.HeldTasks;
import io.penstock.core.group.record.TaskSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which processes hold which tasks at present, those included that they have still to give up. A process has one directory for a
 * task's state, so what its members hold in one role keeps the others of that process from it in any. Immutable.
 */
public final class TaskOwners {
    private final Set<Task> active = new HashSet<>();
    private final Map<String, Set<Task>> byProcess = new HashMap<>();

    private TaskOwners() {}

    /** One task. */
    private record Task(String subtopologyId, int partition) {}

    /** What these members hold together. */
    public static TaskOwners of(Collection<StreamsMember> members) {
        TaskOwners owners = new TaskOwners();
        for (StreamsMember member : members) {
            owners.add(member.processId(), member.assigned());
            owners.add(member.processId(), member.pendingRevocation());
        }
        return owners;
    }

    private void add(String processId, HeldTasks held) {
        held.active().tasks().forEach((subtopologyId, partition) -> active.add(new Task(subtopologyId, partition)));
        add(processId, held.active().tasks());
        add(processId, held.standby());
        add(processId, held.warmup());
    }

    private void add(String processId, TaskSet tasks) {
        if (!tasks.isEmpty()) {
            Set<Task> own = byProcess.computeIfAbsent(processId, id -> new HashSet<>());
            tasks.forEach((subtopologyId, partition) -> own.add(new Task(subtopologyId, partition)));
        }
    }

    /** Whether a member of that process may become active for a task: nobody is, and the process does not hold it otherwise. */
    boolean isFreeForActive(String processId, String subtopologyId, int partition) {
        return !active.contains(new Task(subtopologyId, partition))
                && isFreeForCopy(processId, subtopologyId, partition);
    }

    /** Whether a member of that process may keep a copy of a task's state. */
    boolean isFreeForCopy(String processId, String subtopologyId, int partition) {
        return !byProcess.getOrDefault(processId, Set.of()).contains(new Task(subtopologyId, partition));
    }
}
