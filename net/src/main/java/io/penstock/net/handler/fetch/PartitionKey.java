package io.penstock.net.handler.fetch;

import org.apache.kafka.common.Uuid;

/**
 * A partition as a fetch request names it: by topic id from version 13 on, with an empty name; by name before, with the zero id.
 * Whether such a topic exists is another question.
 */
record PartitionKey(Uuid topicId, String topicName, int index) {
    static PartitionKey byId(Uuid topicId, int index) {
        return new PartitionKey(topicId, "", index);
    }

    static PartitionKey byName(String topicName, int index) {
        return new PartitionKey(Uuid.ZERO_UUID, topicName, index);
    }

    /** Whether {@code other} belongs to the same topic and so goes under the same heading of an answer. */
    boolean hasTopicOf(PartitionKey other) {
        return topicId.equals(other.topicId) && topicName.equals(other.topicName);
    }
}
