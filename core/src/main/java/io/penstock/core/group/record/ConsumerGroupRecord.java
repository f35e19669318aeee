package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * The epoch of a consumer group, or the group is gone.
 *
 * @param value null is a tombstone
 */
public record ConsumerGroupRecord(String groupId, @Nullable Value value) implements GroupRecord {

    public static ConsumerGroupRecord tombstone(String groupId) {
        return new ConsumerGroupRecord(groupId, null);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The group.
     *
     * @param epoch grows when the members, their subscriptions or the topics they subscribe to change
     * @param metadataHash of the topics subscribed to, as they were at that epoch; {@link #NO_HASH} if there are none, and in records
     *     of old brokers
     */
    public record Value(int epoch, long metadataHash) {
        public static final long NO_HASH = 0;
    }
}
