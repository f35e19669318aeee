package io.penstock.core.group.consumer;

import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.Value;
import io.penstock.core.group.record.PartitionEpochs;
import io.penstock.core.group.record.PartitionSet;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Brings one member a step nearer to its target (KIP-848): first it gives up what is not its own any more, and says so; then it moves
 * to the target's epoch and is given what is free; what others have still to give up it is given later.
 *
 * <pre>
 *                    something to give up                  nothing of that is left with the client
 *   STABLE ───────────────────────────────► UNREVOKED ───────────────────────────────┐
 *     │ ▲                                      ▲                                      │
 *     │ └────────────── all is free ───────────┼──────────────────────────────────────┤
 *     │                                        │ something to give up                 │
 *     └──────── others hold some of it ──► UNRELEASED ◄───────────────────────────────┘
 * </pre>
 *
 * <p>Immutable; made for one decision.
 *
 * @param targetEpoch epoch of the target
 * @param target what the member is to have
 * @param subscribedTopicIds the topics that the member reads now: the target may be older
 * @param owners who holds what at present, this member included
 * @param reported what the client says that it has; null if it does not say, and then it may have all that it was given
 */
public record Reconciliation(
        int targetEpoch,
        PartitionSet target,
        Set<Uuid> subscribedTopicIds,
        PartitionOwners owners,
        @Nullable PartitionSet reported) {

    /**
     * What the member has next; what it has already if it can do no step.
     *
     * @param isSubscriptionChanged whether the member reads other topics than at its last heartbeat
     */
    public Value next(ConsumerMember member, boolean isSubscriptionChanged) {
        boolean hasToWait = member.state() == MemberState.UNREVOKED_PARTITIONS
                && mayHave(member.pendingRevocation().partitions());
        boolean isThere = member.isReconciledTo(targetEpoch);
        if (hasToWait || isThere) {
            return isSubscriptionChanged ? withoutUnsubscribed(member) : member.current();
        }
        return towardsTarget(member);
    }

    /** Whether the state is one that a newer broker has written, and the client has not yet begun anew. */
    public boolean isBeyondUnderstanding(ConsumerMember member) {
        return member.state() == MemberState.UNKNOWN && (reported == null || !reported.isEmpty());
    }

    private boolean mayHave(PartitionSet partitions) {
        return reported == null || !reported.intersection(partitions).isEmpty();
    }

    /** The member stops reading topics at once, without waiting for a new target. */
    private Value withoutUnsubscribed(ConsumerMember member) {
        PartitionEpochs assigned = member.assigned();
        PartitionEpochs kept = assigned.intersection(subscribed(assigned.partitions()));
        if (kept.equals(assigned)) {
            return member.current();
        }
        PartitionEpochs toRevoke = member.pendingRevocation().union(assigned.without(kept.partitions()));
        return mayHave(toRevoke.partitions())
                ? new Value(member.epoch(), member.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, toRevoke)
                : new Value(member.epoch(), member.epoch(), member.state(), kept, member.pendingRevocation());
    }

    private Value towardsTarget(ConsumerMember member) {
        PartitionSet wanted = subscribed(target);
        PartitionEpochs assigned = member.assigned();
        PartitionEpochs kept = assigned.intersection(wanted);
        PartitionEpochs toRevoke = assigned.without(wanted);
        if (!toRevoke.isEmpty() && mayHave(toRevoke.partitions())) {
            return new Value(member.epoch(), member.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, toRevoke);
        }
        PartitionSet missing = wanted.without(assigned.partitions());
        PartitionSet free = missing.filter((topicId, partition) -> owners.isFreeFor(member.id(), topicId, partition));
        boolean isAllFree = free.partitionCount() == missing.partitionCount();
        return new Value(
                targetEpoch,
                member.epoch(),
                isAllFree ? MemberState.STABLE : MemberState.UNRELEASED_PARTITIONS,
                kept.union(PartitionEpochs.of(free, targetEpoch)),
                PartitionEpochs.EMPTY);
    }

    private PartitionSet subscribed(PartitionSet partitions) {
        return partitions.filter((topicId, partition) -> subscribedTopicIds.contains(topicId));
    }
}
