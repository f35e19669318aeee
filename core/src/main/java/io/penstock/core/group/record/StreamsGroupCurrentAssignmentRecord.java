package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * The tasks that a member of a streams group has now.
 *
 * @param value null is a tombstone
 */
public record StreamsGroupCurrentAssignmentRecord(
        String groupId, String memberId, @Nullable Value value) implements GroupRecord {

    public static StreamsGroupCurrentAssignmentRecord tombstone(String groupId, String memberId) {
        return new StreamsGroupCurrentAssignmentRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP_CURRENT_ASSIGNMENT;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The assignment.
     *
     * @param memberEpoch that the member is expected to say
     * @param previousMemberEpoch that it may still say if an answer was lost
     * @param assigned what it may work on
     * @param pendingRevocation what it must give up before it moves on
     */
    public record Value(
            int memberEpoch,
            int previousMemberEpoch,
            MemberState state,
            HeldTasks assigned,
            HeldTasks pendingRevocation) {}

    /** How far a member has come to its target. */
    public enum MemberState {
        /** It has what it is to have. */
        STABLE(1),
        /** It must give tasks up first. */
        UNREVOKED_TASKS(2),
        /** Others must give tasks up first. */
        UNRELEASED_TASKS(3),
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
                case 1 -> STABLE;
                case 2 -> UNREVOKED_TASKS;
                case 3 -> UNRELEASED_TASKS;
                default -> UNKNOWN;
            };
        }
    }
}
