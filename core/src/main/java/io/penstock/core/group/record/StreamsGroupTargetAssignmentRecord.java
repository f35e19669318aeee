package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * The tasks that a member of a streams group is to have.
 *
 * @param tasks null is a tombstone
 */
public record StreamsGroupTargetAssignmentRecord(
        String groupId, String memberId, @Nullable TaskAssignment tasks) implements GroupRecord {

    public static StreamsGroupTargetAssignmentRecord tombstone(String groupId, String memberId) {
        return new StreamsGroupTargetAssignmentRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP_TARGET_ASSIGNMENT;
    }

    @Override
    public boolean isTombstone() {
        return tasks == null;
    }
}
