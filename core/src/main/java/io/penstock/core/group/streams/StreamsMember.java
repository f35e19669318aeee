package io.penstock.core.group.streams;

import io.penstock.core.group.record.HeldTasks;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.StreamsGroupMemberRecord;
import java.util.Map;

/**
 * A member of a streams group: one thread of an application. Immutable.
 *
 * @param profile who it is and where it runs
 * @param current the epoch it has come to and the tasks it holds
 */
public record StreamsMember(
        String id, StreamsGroupMemberRecord.Value profile, StreamsGroupCurrentAssignmentRecord.Value current) {
    /** What a client says that joins, and what a member has that has not been given anything yet. */
    public static final int JOINING_EPOCH = 0;
    /** What a client says that leaves. */
    public static final int LEAVING_EPOCH = -1;
    /** What a static member says that leaves for a while; static members are not served, as in Kafka. */
    public static final int STATIC_LEAVING_EPOCH = -2;

    private static final StreamsGroupMemberRecord.Value NO_PROFILE = new StreamsGroupMemberRecord.Value(
            null,
            null,
            "",
            "",
            StreamsGroupMemberRecord.Value.NO_TIMEOUT,
            StreamsGroupMemberRecord.Value.NO_TOPOLOGY,
            "",
            null,
            Map.of());
    private static final StreamsGroupCurrentAssignmentRecord.Value NOTHING_HELD =
            new StreamsGroupCurrentAssignmentRecord.Value(
                    JOINING_EPOCH, JOINING_EPOCH, MemberState.STABLE, HeldTasks.EMPTY, HeldTasks.EMPTY);

    /** One of which nothing is known but the id. */
    public static StreamsMember blank(String id) {
        return new StreamsMember(id, NO_PROFILE, NOTHING_HELD);
    }

    public StreamsMember with(StreamsGroupMemberRecord.Value newProfile) {
        return new StreamsMember(id, newProfile, current);
    }

    public StreamsMember with(StreamsGroupCurrentAssignmentRecord.Value newCurrent) {
        return new StreamsMember(id, profile, newCurrent);
    }

    /** The same member without any task, as it is before it goes. */
    public StreamsMember holdingNothing() {
        return with(new StreamsGroupCurrentAssignmentRecord.Value(
                LEAVING_EPOCH, LEAVING_EPOCH, state(), HeldTasks.EMPTY, HeldTasks.EMPTY));
    }

    public int epoch() {
        return current.memberEpoch();
    }

    public int previousEpoch() {
        return current.previousMemberEpoch();
    }

    public MemberState state() {
        return current.state();
    }

    /** What it may work on. */
    public HeldTasks assigned() {
        return current.assigned();
    }

    /** What it must give up before it moves on. */
    public HeldTasks pendingRevocation() {
        return current.pendingRevocation();
    }

    public String processId() {
        return profile.processId();
    }

    /** Whether it has all that it was to have at an epoch, and nothing to wait for. */
    public boolean isReconciledTo(int targetEpoch) {
        return state() == MemberState.STABLE && epoch() == targetEpoch;
    }
}
