package io.penstock.core.group.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics that match a regular expression to which members of a consumer group subscribe, or no member has it any more.
 *
 * @param value null is a tombstone
 */
public record ConsumerGroupRegexRecord(
        String groupId, String regex, @Nullable Value value) implements GroupRecord {

    public static ConsumerGroupRegexRecord tombstone(String groupId, String regex) {
        return new ConsumerGroupRegexRecord(groupId, regex, null);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP_REGEX;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * What matches.
     *
     * @param topics written in this order; Kafka sorts them
     * @param version of the cluster metadata that was searched
     * @param timeMs wall-clock time when the search began
     */
    public record Value(List<String> topics, long version, long timeMs) {
        public Value {
            topics = List.copyOf(topics);
        }
    }
}
