package io.penstock.core.group.record;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of topics, such as what a member owns. Topics are in the order of their ids, partitions ascend, and a topic that is there
 * has at least one. So equal sets are written with equal bytes. Immutable.
 */
public final class PartitionSet {
    public static final PartitionSet EMPTY = new PartitionSet(new Uuid[0], new int[0][]);

    private final Uuid[] topicIds;
    private final int[][] partitions;

    /** Both arrays in order and without anything twice; no array of partitions is empty. Neither may be changed any more. */
    PartitionSet(Uuid[] topicIds, int[][] partitions) {
        this.topicIds = topicIds;
        this.partitions = partitions;
    }

    /** Partitions of one topic, in any order. */
    public static PartitionSet of(Uuid topicId, int... partitions) {
        return new Builder().addAll(topicId, partitions).build();
    }

    /** Partitions by topic id, in any order. */
    public static PartitionSet of(Map<Uuid, ? extends Collection<Integer>> partitions) {
        Builder builder = new Builder();
        partitions.forEach((topicId, own) ->
                builder.addAll(topicId, own.stream().mapToInt(Integer::intValue).toArray()));
        return builder.build();
    }

    public boolean isEmpty() {
        return topicIds.length == 0;
    }

    /** Partitions of all topics. */
    public int partitionCount() {
        int count = 0;
        for (int[] own : partitions) {
            count += own.length;
        }
        return count;
    }

    public int topicCount() {
        return topicIds.length;
    }

    /** The topics, ascending. */
    public List<Uuid> topicIds() {
        return List.of(topicIds);
    }

    /** The partitions of one topic, ascending; a copy, empty if there are none. */
    public int[] partitions(Uuid topicId) {
        int[] own = find(topicId);
        return own == null ? new int[0] : own.clone();
    }

    /** The partitions of one topic as boxed numbers, ascending; for messages. */
    public List<Integer> partitionList(Uuid topicId) {
        int[] own = find(topicId);
        return own == null ? List.of() : IntStream.of(own).boxed().toList();
    }

    public boolean contains(Uuid topicId, int partition) {
        int[] own = find(topicId);
        return own != null && Arrays.binarySearch(own, partition) >= 0;
    }

    /** Whether every partition of the other set is in this one. */
    public boolean containsAll(PartitionSet other) {
        return other.without(this).isEmpty();
    }

    /** What is here but not in the other set. */
    public PartitionSet without(PartitionSet other) {
        return filter((topicId, partition) -> !other.contains(topicId, partition));
    }

    /** What is in both. */
    public PartitionSet intersection(PartitionSet other) {
        return filter(other::contains);
    }

    /** What is in either. */
    public PartitionSet union(PartitionSet other) {
        if (isEmpty()) {
            return other;
        }
        return other.isEmpty() ? this : new Builder().addAll(this).addAll(other).build();
    }

    /** What passes a test. */
    public PartitionSet filter(Test test) {
        Builder kept = new Builder();
        forEach((topicId, partition) -> {
            if (test.passes(topicId, partition)) {
                kept.add(topicId, partition);
            }
        });
        return kept.build();
    }

    /** Visits all, topics and partitions ascending. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < topicIds.length; i++) {
            for (int partition : partitions[i]) {
                visitor.visit(topicIds[i], partition);
            }
        }
    }

    /** The partitions themselves, shared: not to be changed. */
    int @Nullable [] find(Uuid topicId) {
        int index = topicIndex(topicId);
        return index < 0 ? null : partitions[index];
    }

    /** Where the topic stands among the {@link #topicIds}; negative if it is not there. */
    int topicIndex(Uuid topicId) {
        return Arrays.binarySearch(topicIds, topicId);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PartitionSet that
                && Arrays.equals(topicIds, that.topicIds)
                && Arrays.deepEquals(partitions, that.partitions);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(topicIds) + Arrays.deepHashCode(partitions);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < topicIds.length; i++) {
            text.append(i == 0 ? "" : ", ").append(topicIds[i]).append('=').append(Arrays.toString(partitions[i]));
        }
        return text.append('}').toString();
    }

    /** Decides about one partition. */
    @FunctionalInterface
    public interface Test {
        boolean passes(Uuid topicId, int partition);
    }

    /** Is shown one partition after the other. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Uuid topicId, int partition);
    }

    /** Collects partitions in any order; what is added twice counts once. Owned by one call. */
    public static final class Builder {
        private final TreeMap<Uuid, Ints> collected = new TreeMap<>();
        private @Nullable Uuid lastTopicId;
        private @Nullable Ints last;

        public Builder add(Uuid topicId, int partition) {
            of(topicId).add(partition);
            return this;
        }

        public Builder addAll(Uuid topicId, int... partitions) {
            for (int partition : partitions) {
                add(topicId, partition);
            }
            return this;
        }

        public Builder addAll(PartitionSet set) {
            set.forEach(this::add);
            return this;
        }

        /** Most callers add topic by topic, so the last one is at hand. */
        private Ints of(Uuid topicId) {
            Ints current = last;
            if (current == null || !topicId.equals(lastTopicId)) {
                current = collected.computeIfAbsent(topicId, id -> new Ints());
                last = current;
                lastTopicId = topicId;
            }
            return current;
        }

        public PartitionSet build() {
            return collected.isEmpty()
                    ? EMPTY
                    : new PartitionSet(
                            collected.keySet().toArray(new Uuid[0]),
                            collected.values().stream().map(Ints::sorted).toArray(int[][]::new));
        }

        /** The set; an equal one that is there already is used again, to be known by its identity. */
        public PartitionSet buildUnless(PartitionSet existing) {
            PartitionSet built = build();
            return built.equals(existing) ? existing : built;
        }
    }

    /** A growing array of numbers. */
    private static final class Ints {
        private int[] values = new int[4];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        /** The numbers, ascending, each once. */
        int[] sorted() {
            Arrays.sort(values, 0, size);
            int distinct = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || values[i] != values[i - 1]) {
                    values[distinct++] = values[i];
                }
            }
            return Arrays.copyOf(values, distinct);
        }
    }
}
