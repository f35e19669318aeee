package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group has now.
 *
 * @param value null is a tombstone
 */
public record ConsumerGroupCurrentAssignmentRecord(
        String groupId, String memberId, @Nullable Value value) implements GroupRecord {

    public static ConsumerGroupCurrentAssignmentRecord tombstone(String groupId, String memberId) {
        return new ConsumerGroupCurrentAssignmentRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP_CURRENT_ASSIGNMENT;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The assignment.
     *
     * @param memberEpoch that the member is expected to say; negative for a static member that left for a while
     * @param previousMemberEpoch that it may still say if an answer was lost
     * @param assigned what it may read
     * @param pendingRevocation what it must give up before it moves on
     */
    public record Value(
            int memberEpoch,
            int previousMemberEpoch,
            MemberState state,
            PartitionEpochs assigned,
            PartitionEpochs pendingRevocation) {}

    /** How far a member has come to its target. */
    public enum MemberState {
        /** It has what it is to have, or waits for nothing. */
        STABLE(0),
        /** It must give partitions up first. */
        UNREVOKED_PARTITIONS(1),
        /** Others must give partitions up first. */
        UNRELEASED_PARTITIONS(2),
        /** A newer broker wrote a state that this one does not know. */
        UNKNOWN(127);

        private final byte code;

        MemberState(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static MemberState of(byte code) {
            return switch (code) {
                case 0 -> STABLE;
                case 1 -> UNREVOKED_PARTITIONS;
                case 2 -> UNRELEASED_PARTITIONS;
                default -> UNKNOWN;
            };
        }
    }
}
