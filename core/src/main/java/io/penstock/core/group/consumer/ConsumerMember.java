package io.penstock.core.group.consumer;

import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.PartitionEpochs;
import io.penstock.core.group.record.PartitionSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group. Immutable.
 *
 * @param profile who it is and what it subscribes to
 * @param current the epoch it has come to and the partitions it holds
 */
public record ConsumerMember(
        String id, ConsumerGroupMemberRecord.Value profile, ConsumerGroupCurrentAssignmentRecord.Value current) {
    /** What a client says that joins, and what a member has that has not been given anything yet. */
    public static final int JOINING_EPOCH = 0;
    /** What a client says that leaves. */
    public static final int LEAVING_EPOCH = -1;
    /** What a static member says that leaves for a while, and has until it comes back. */
    public static final int STATIC_LEAVING_EPOCH = -2;

    static final ConsumerGroupMemberRecord.Value NO_PROFILE = new ConsumerGroupMemberRecord.Value(
            null, null, "", "", List.of(), null, ConsumerGroupMemberRecord.Value.NO_TIMEOUT, null, null);
    static final ConsumerGroupCurrentAssignmentRecord.Value NOTHING_HELD =
            new ConsumerGroupCurrentAssignmentRecord.Value(
                    JOINING_EPOCH, -1, MemberState.STABLE, PartitionEpochs.EMPTY, PartitionEpochs.EMPTY);

    /** One of which nothing is known but the id. */
    public static ConsumerMember blank(String id) {
        return new ConsumerMember(id, NO_PROFILE, NOTHING_HELD);
    }

    public ConsumerMember with(ConsumerGroupMemberRecord.Value newProfile) {
        return new ConsumerMember(id, newProfile, current);
    }

    public ConsumerMember with(ConsumerGroupCurrentAssignmentRecord.Value newCurrent) {
        return new ConsumerMember(id, profile, newCurrent);
    }

    /** The same member without any partition, as it is before it goes. */
    public ConsumerMember holdingNothing() {
        return with(new ConsumerGroupCurrentAssignmentRecord.Value(
                LEAVING_EPOCH, LEAVING_EPOCH, state(), PartitionEpochs.EMPTY, PartitionEpochs.EMPTY));
    }

    /** The same member under another id: another process that takes a static member's place, with all that this one held. */
    public ConsumerMember replacedBy(String newId) {
        return new ConsumerMember(
                newId,
                profile,
                new ConsumerGroupCurrentAssignmentRecord.Value(
                        JOINING_EPOCH, JOINING_EPOCH, state(), assigned(), pendingRevocation()));
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

    /** What it may read. */
    public PartitionEpochs assigned() {
        return current.assigned();
    }

    /** What it must give up before it moves on. */
    public PartitionEpochs pendingRevocation() {
        return current.pendingRevocation();
    }

    /** All that nobody else may have now. */
    public PartitionSet held() {
        return assigned().partitions().union(pendingRevocation().partitions());
    }

    public @Nullable String instanceId() {
        return profile.instanceId();
    }

    /** The pattern of topics that it subscribes to; null if it has none. */
    public @Nullable String regex() {
        return profile.subscribedTopicRegex();
    }

    /** What it has if it speaks the classic protocol; null if it speaks the consumer protocol. */
    public @Nullable ClassicMetadata classic() {
        return profile.classic();
    }

    public boolean isClassic() {
        return profile.classic() != null;
    }

    /** Whether it has all that it was to have at an epoch, and nothing to wait for. */
    public boolean isReconciledTo(int targetEpoch) {
        return state() == MemberState.STABLE && epoch() == targetEpoch;
    }

    /** Whether it has left for a while and may come back as another process. */
    public boolean hasLeftForAWhile() {
        return epoch() == STATIC_LEAVING_EPOCH;
    }
}
