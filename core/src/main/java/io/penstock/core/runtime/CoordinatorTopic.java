package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;

/** Says which partition of a coordinators' topic has a key, by Kafka's own rule: every client library and tool could compute it. */
final class CoordinatorTopic {
    /** There is no such topic yet. */
    static final int NO_PARTITION = -1;

    private final Supplier<MetadataImage> metadata;
    private final String topicName;

    CoordinatorTopic(Supplier<MetadataImage> metadata, String topicName) {
        this.metadata = metadata;
        this.topicName = topicName;
    }

    /** The partition of a key, {@link #NO_PARTITION} if there is none. Safe from any thread. */
    int partitionOf(String key) {
        TopicImage topic = metadata.get().topic(topicName);
        return topic == null
                ? NO_PARTITION
                : Utils.abs(key.hashCode()) % topic.partitions().size();
    }

    /** The node that leads the partition of a key; {@code absent} if there is no topic. Safe from any thread. */
    int leaderOf(String key, int absent) {
        TopicImage topic = metadata.get().topic(topicName);
        return topic == null
                ? absent
                : topic.partitions()
                        .get(Utils.abs(key.hashCode()) % topic.partitions().size())
                        .leader();
    }

    boolean exists() {
        return metadata.get().topic(topicName) != null;
    }
}
