package io.penstock.core.group.record;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a streams application, each a partition of one of its subtopologies. Subtopologies are in the order of their ids,
 * partitions ascend, and a subtopology that is there has at least one. So equal sets are written with equal bytes. Immutable.
 */
public final class TaskSet {
    public static final TaskSet EMPTY = new TaskSet(new TreeMap<>());

    private final SortedMap<String, SortedSet<Integer>> tasks;

    private TaskSet(SortedMap<String, SortedSet<Integer>> tasks) {
        this.tasks = Collections.unmodifiableSortedMap(tasks);
    }

    /** Tasks of one subtopology, in any order. */
    public static TaskSet of(String subtopologyId, Integer... partitions) {
        return new Builder().addAll(subtopologyId, List.of(partitions)).build();
    }

    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Tasks of all subtopologies. */
    public int size() {
        int size = 0;
        for (SortedSet<Integer> partitions : tasks.values()) {
            size += partitions.size();
        }
        return size;
    }

    /** Partitions by subtopology; not to be changed. */
    public SortedMap<String, SortedSet<Integer>> bySubtopology() {
        return tasks;
    }

    /** The partitions of one subtopology, ascending; empty if there are none. */
    public List<Integer> partitions(String subtopologyId) {
        SortedSet<Integer> partitions = tasks.get(subtopologyId);
        return partitions == null ? List.of() : List.copyOf(partitions);
    }

    public boolean contains(String subtopologyId, int partition) {
        SortedSet<Integer> partitions = tasks.get(subtopologyId);
        return partitions != null && partitions.contains(partition);
    }

    /** Whether every task of the other set is in this one. */
    public boolean containsAll(TaskSet other) {
        return other.without(this).isEmpty();
    }

    /** Whether some task is in both. */
    public boolean intersects(TaskSet other) {
        return !filter(other::contains).isEmpty();
    }

    /** What is here but not in the other set. */
    public TaskSet without(TaskSet other) {
        return filter((subtopologyId, partition) -> !other.contains(subtopologyId, partition));
    }

    /** What is in both. */
    public TaskSet intersection(TaskSet other) {
        return filter(other::contains);
    }

    /** What is in either. */
    public TaskSet union(TaskSet other) {
        return new Builder().addAll(this).addAll(other).build();
    }

    /** What passes a test. */
    public TaskSet filter(BiPredicate<String, Integer> test) {
        Builder kept = new Builder();
        forEach((subtopologyId, partition) -> {
            if (test.test(subtopologyId, partition)) {
                kept.add(subtopologyId, partition);
            }
        });
        return kept.build();
    }

    /** Visits all, subtopologies and partitions ascending. */
    public void forEach(Visitor visitor) {
        for (Map.Entry<String, SortedSet<Integer>> entry : tasks.entrySet()) {
            for (int partition : entry.getValue()) {
                visitor.visit(entry.getKey(), partition);
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskSet that && tasks.equals(that.tasks);
    }

    @Override
    public int hashCode() {
        return tasks.hashCode();
    }

    @Override
    public String toString() {
        return tasks.toString();
    }

    /** Is shown one task after the other. */
    @FunctionalInterface
    public interface Visitor {
        void visit(String subtopologyId, int partition);
    }

    /** Collects tasks in any order; what is added twice counts once. Owned by one call. */
    public static final class Builder {
        private final TreeMap<String, SortedSet<Integer>> collected = new TreeMap<>();

        public Builder add(String subtopologyId, int partition) {
            collected.computeIfAbsent(subtopologyId, id -> new TreeSet<>()).add(partition);
            return this;
        }

        public Builder addAll(String subtopologyId, Collection<Integer> partitions) {
            partitions.forEach(partition -> add(subtopologyId, partition));
            return this;
        }

        public Builder addAll(TaskSet set) {
            set.forEach(this::add);
            return this;
        }

        /** The set; the builder must not be used any more. */
        public TaskSet build() {
            return collected.isEmpty() ? EMPTY : new TaskSet(collected);
        }
    }
}
