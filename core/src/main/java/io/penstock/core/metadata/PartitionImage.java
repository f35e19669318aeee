package io.penstock.core.metadata;

import io.penstock.core.partition.PartitionId;
import java.util.List;

/**
 * Who holds a partition.
 *
 * @param leader node id, or -1 if there is none
 * @param leaderEpoch grows with every change of leader
 * @param partitionEpoch grows with every change of this record
 */
public record PartitionImage(
        PartitionId id, int leader, int leaderEpoch, int partitionEpoch, List<Integer> replicas, List<Integer> isr) {
    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }
}
