package io.penstock.core.group;

/**
 * Names one deadline of a group; setting it again moves it.
 *
 * @param memberId empty if the deadline is the group's
 */
public record TimerKey(String groupId, Purpose purpose, String memberId) {
    /** What ends at a deadline. */
    public enum Purpose {
        /** A member must have been heard of. */
        SESSION,
        /** Members must have joined. */
        JOIN,
        /** Members must have asked for their assignments. */
        SYNC,
        /** A member must have given up partitions that are not its own any more. */
        REVOCATION,
        /** A new group has waited for more members: it gets its first target. */
        FIRST_TARGET,
        /** Something that could not be written is tried again. */
        RETRY
    }

    static TimerKey session(String groupId, String memberId) {
        return new TimerKey(groupId, Purpose.SESSION, memberId);
    }

    static TimerKey revocation(String groupId, String memberId) {
        return new TimerKey(groupId, Purpose.REVOCATION, memberId);
    }

    static TimerKey firstTarget(String groupId) {
        return new TimerKey(groupId, Purpose.FIRST_TARGET, "");
    }

    /** One member must have joined again. */
    static TimerKey join(String groupId, String memberId) {
        return new TimerKey(groupId, Purpose.JOIN, memberId);
    }

    /** One member must have asked for its assignment. */
    static TimerKey sync(String groupId, String memberId) {
        return new TimerKey(groupId, Purpose.SYNC, memberId);
    }

    static TimerKey join(String groupId) {
        return new TimerKey(groupId, Purpose.JOIN, "");
    }

    static TimerKey sync(String groupId) {
        return new TimerKey(groupId, Purpose.SYNC, "");
    }
}
