package io.penstock.core.group.record;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Active tasks of a member, each with the member epoch at which it was assigned. A commit of offsets is checked against that epoch, so
 * that a member which is behind may still commit for what it has kept. In the order of {@link TaskSet}. Immutable.
 */
public final class TaskEpochs {
    public static final TaskEpochs EMPTY = new TaskEpochs(new TreeMap<>());
    /** The epoch of what is not there. */
    public static final int NOT_ASSIGNED = -1;

    private final SortedMap<String, SortedMap<Integer, Integer>> epochs;
    private final TaskSet tasks;

    private TaskEpochs(SortedMap<String, SortedMap<Integer, Integer>> epochs) {
        this.epochs = Collections.unmodifiableSortedMap(epochs);
        TaskSet.Builder set = new TaskSet.Builder();
        epochs.forEach((subtopologyId, own) -> set.addAll(subtopologyId, own.keySet()));
        this.tasks = set.build();
    }

    /** All tasks assigned at one epoch. */
    public static TaskEpochs of(TaskSet tasks, int epoch) {
        TreeMap<String, SortedMap<Integer, Integer>> epochs = new TreeMap<>();
        tasks.forEach((subtopologyId, partition) -> put(epochs, subtopologyId, partition, epoch));
        return new TaskEpochs(epochs);
    }

    /** Epochs by subtopology and partition. */
    public static TaskEpochs of(Map<String, ? extends Map<Integer, Integer>> given) {
        TreeMap<String, SortedMap<Integer, Integer>> epochs = new TreeMap<>();
        given.forEach((subtopologyId, own) ->
                own.forEach((partition, epoch) -> put(epochs, subtopologyId, partition, epoch)));
        return new TaskEpochs(epochs);
    }

    private static void put(
            Map<String, SortedMap<Integer, Integer>> epochs, String subtopologyId, int partition, int epoch) {
        epochs.computeIfAbsent(subtopologyId, id -> new TreeMap<>()).put(partition, epoch);
    }

    public boolean isEmpty() {
        return epochs.isEmpty();
    }

    /** The tasks without their epochs. */
    public TaskSet tasks() {
        return tasks;
    }

    /** Epochs by subtopology and partition; not to be changed. */
    SortedMap<String, SortedMap<Integer, Integer>> bySubtopology() {
        return epochs;
    }

    /** When a task was assigned; {@link #NOT_ASSIGNED} if it is not there. */
    public int epoch(String subtopologyId, int partition) {
        SortedMap<Integer, Integer> own = epochs.get(subtopologyId);
        return own == null ? NOT_ASSIGNED : own.getOrDefault(partition, NOT_ASSIGNED);
    }

    /** What is here and in the set, with the epochs from here. */
    public TaskEpochs intersection(TaskSet set) {
        return filter(set, true);
    }

    /** What is here but not in the set. */
    public TaskEpochs without(TaskSet set) {
        return filter(set, false);
    }

    private TaskEpochs filter(TaskSet set, boolean isWanted) {
        TreeMap<String, SortedMap<Integer, Integer>> kept = new TreeMap<>();
        tasks.forEach((subtopologyId, partition) -> {
            if (set.contains(subtopologyId, partition) == isWanted) {
                put(kept, subtopologyId, partition, epoch(subtopologyId, partition));
            }
        });
        return new TaskEpochs(kept);
    }

    /** What is in either; what is in both has the epochs from here. */
    public TaskEpochs union(TaskEpochs other) {
        TreeMap<String, SortedMap<Integer, Integer>> all = new TreeMap<>();
        other.tasks.forEach((subtopologyId, partition) ->
                put(all, subtopologyId, partition, other.epoch(subtopologyId, partition)));
        tasks.forEach(
                (subtopologyId, partition) -> put(all, subtopologyId, partition, epoch(subtopologyId, partition)));
        return new TaskEpochs(all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskEpochs that && epochs.equals(that.epochs);
    }

    @Override
    public int hashCode() {
        return epochs.hashCode();
    }

    @Override
    public String toString() {
        return epochs.toString();
    }
}
