package io.penstock.core.group.record;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of a member, each with the member epoch at which it was assigned. A commit of offsets is checked against that epoch, so
 * that a member which is behind may still commit for what it has kept. Immutable.
 */
public final class PartitionEpochs {
    public static final PartitionEpochs EMPTY = new PartitionEpochs(PartitionSet.EMPTY, (topicId, partition) -> 0);
    /** The epoch of what is not there. */
    public static final int NOT_ASSIGNED = -1;

    private final PartitionSet partitions;
    private final int[][] epochs;

    private PartitionEpochs(PartitionSet partitions, ToIntBiFunction<Uuid, Integer> epochOf) {
        this.partitions = partitions;
        this.epochs = partitions.topicIds().stream()
                .map(topicId -> Arrays.stream(partitions.partitions(topicId))
                        .map(partition -> epochOf.applyAsInt(topicId, partition))
                        .toArray())
                .toArray(int[][]::new);
    }

    /** All partitions assigned at one epoch. */
    public static PartitionEpochs of(PartitionSet partitions, int epoch) {
        return new PartitionEpochs(partitions, (topicId, partition) -> epoch);
    }

    /** Epochs by topic id and partition. */
    public static PartitionEpochs of(Map<Uuid, Map<Integer, Integer>> epochs) {
        PartitionSet.Builder partitions = new PartitionSet.Builder();
        epochs.forEach((topicId, own) -> own.keySet().forEach(partition -> partitions.add(topicId, partition)));
        return new PartitionEpochs(
                partitions.build(),
                (topicId, partition) -> epochs.getOrDefault(topicId, Map.of()).getOrDefault(partition, 0));
    }

    public boolean isEmpty() {
        return partitions.isEmpty();
    }

    /** The partitions without their epochs. */
    public PartitionSet partitions() {
        return partitions;
    }

    /** When a partition was assigned; {@link #NOT_ASSIGNED} if it is not there. */
    public int epoch(Uuid topicId, int partition) {
        int[] own = partitions.find(topicId);
        int index = own == null ? -1 : Arrays.binarySearch(own, partition);
        return index < 0 ? NOT_ASSIGNED : epochs[partitions.topicIndex(topicId)][index];
    }

    /** The epochs of one topic's partitions, in their order; shared: not to be changed. */
    int[] epochs(Uuid topicId) {
        return epochs[partitions.topicIndex(topicId)];
    }

    /** What is here and in the set, with the epochs from here. */
    public PartitionEpochs intersection(PartitionSet set) {
        return new PartitionEpochs(partitions.intersection(set), this::epoch);
    }

    /** What is here but not in the set. */
    public PartitionEpochs without(PartitionSet set) {
        return new PartitionEpochs(partitions.without(set), this::epoch);
    }

    /** What is in either; what is in both has the epochs from here. */
    public PartitionEpochs union(PartitionEpochs other) {
        return new PartitionEpochs(partitions.union(other.partitions), (topicId, partition) -> {
            int epoch = epoch(topicId, partition);
            return epoch == NOT_ASSIGNED ? other.epoch(topicId, partition) : epoch;
        });
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PartitionEpochs that
                && partitions.equals(that.partitions)
                && Arrays.deepEquals(epochs, that.epochs);
    }

    @Override
    public int hashCode() {
        return 31 * partitions.hashCode() + Arrays.deepHashCode(epochs);
    }

    @Override
    public String toString() {
        return partitions + " at " + Arrays.deepToString(epochs);
    }
}
