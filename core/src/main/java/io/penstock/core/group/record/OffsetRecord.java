package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * A group has committed an offset, or its commit is forgotten.
 *
 * @param partition index in the topic
 * @param offset null is a tombstone
 */
public record OffsetRecord(
        String groupId,
        String topic,
        int partition,
        @Nullable CommittedOffset offset) implements GroupRecord {

    public static OffsetRecord tombstone(String groupId, String topic, int partition) {
        return new OffsetRecord(groupId, topic, partition, null);
    }

    @Override
    public Type type() {
        return Type.OFFSET;
    }

    @Override
    public boolean isTombstone() {
        return offset == null;
    }
}
