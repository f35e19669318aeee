package io.penstock.core.partition;

import org.apache.kafka.common.Uuid;

/** Names a partition for ever: a topic that is made again under the same name has another id. */
public record PartitionId(Uuid topicId, int index) {
    @Override
    public String toString() {
        return topicId + "-" + index;
    }
}
