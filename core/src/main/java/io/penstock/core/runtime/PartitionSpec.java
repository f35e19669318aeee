package io.penstock.core.runtime;

import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;

/**
 * What a broker must know to run a replica of a partition. Immutable.
 *
 * @param topicName for logs and metrics only
 * @param logId where its log lives
 */
public record PartitionSpec(
        PartitionImage image, String topicName, LogId logId, PartitionConfig config, LogConfig logConfig) {
    public PartitionId id() {
        return image.id();
    }
}
