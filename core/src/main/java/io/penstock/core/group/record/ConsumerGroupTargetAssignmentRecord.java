package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group is to have once all have given up what is not theirs any more.
 *
 * @param partitions null is a tombstone
 */
public record ConsumerGroupTargetAssignmentRecord(
        String groupId, String memberId, @Nullable PartitionSet partitions) implements GroupRecord {

    public static ConsumerGroupTargetAssignmentRecord tombstone(String groupId, String memberId) {
        return new ConsumerGroupTargetAssignmentRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP_TARGET_ASSIGNMENT;
    }

    @Override
    public boolean isTombstone() {
        return partitions == null;
    }
}
