package io.penstock.core.metadata;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A topic.
 *
 * @param partitions by index, without gaps
 * @param configs topic-level overrides only
 */
public record TopicImage(String name, Uuid id, List<PartitionImage> partitions, Map<String, String> configs) {
    public TopicImage {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /** Whether the broker itself keeps state there; clients may read it but not write it. */
    public boolean isInternal() {
        return name.equals("__consumer_offsets") || name.equals("__transaction_state");
    }
}
