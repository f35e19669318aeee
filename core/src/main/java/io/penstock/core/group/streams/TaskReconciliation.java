package io.penstock.core.group.streams;

import io.penstock.core.group.record.HeldTasks;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.Value;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskEpochs;
import io.penstock.core.group.record.TaskSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings one member a step nearer to its target (KIP-1071): first it gives up what is not its own any more, and says so; then it moves
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
 * @param owners who holds what at present, this member included
 * @param reported what the client says that it has; null if it does not say, and then it may have all that it was given
 */
public record TaskReconciliation(
        int targetEpoch,
        TaskAssignment target,
        TaskOwners owners,
        @Nullable TaskAssignment reported) {

    /** Whether the state is one that a newer broker has written, and the client has not yet begun anew. */
    public boolean isBeyondUnderstanding(StreamsMember member) {
        return member.state() == MemberState.UNKNOWN && (reported == null || !reported.isEmpty());
    }

    /** What the member has next; what it has already if it can do no step. */
    public Value next(StreamsMember member) {
        return switch (member.state()) {
            case STABLE -> member.epoch() == targetEpoch ? member.current() : towardsTarget(member, member.epoch());
            case UNREVOKED_TASKS ->
                mayHave(member.pendingRevocation())
                        ? member.current()
                        : towardsTarget(member, member.epoch() + 1); // that far it has come, whatever comes next
            case UNRELEASED_TASKS -> towardsTarget(member, member.epoch());
            case UNKNOWN -> towardsTarget(member, targetEpoch);
        };
    }

    private boolean mayHave(HeldTasks tasks) {
        return reported == null || reported.intersects(tasks.tasks());
    }

    private Value towardsTarget(StreamsMember member, int epochIfRevoking) {
        HeldTasks assigned = member.assigned();
        HeldTasks kept = new HeldTasks(
                assigned.active().intersection(target.active()),
                assigned.standby().intersection(target.standby()),
                assigned.warmup().intersection(target.warmup()));
        HeldTasks toRevoke = new HeldTasks(
                assigned.active().without(target.active()),
                assigned.standby().without(target.standby()),
                assigned.warmup().without(target.warmup()));
        if (!toRevoke.isEmpty() && mayHave(toRevoke)) {
            return new Value(epochIfRevoking, member.epoch(), MemberState.UNREVOKED_TASKS, kept, toRevoke);
        }
        String processId = member.processId();
        TaskSet missingActive = target.active().without(kept.active().tasks());
        TaskSet missingStandby = target.standby().without(kept.standby());
        TaskSet missingWarmup = target.warmup().without(kept.warmup());
        TaskSet freeActive = missingActive.filter((id, task) -> owners.isFreeForActive(processId, id, task));
        TaskSet freeStandby = missingStandby.filter((id, task) -> owners.isFreeForCopy(processId, id, task));
        TaskSet freeWarmup = missingWarmup.filter((id, task) -> owners.isFreeForCopy(processId, id, task));
        boolean isAllFree = freeActive.equals(missingActive)
                && freeStandby.equals(missingStandby)
                && freeWarmup.equals(missingWarmup);
        HeldTasks next = new HeldTasks(
                kept.active().union(TaskEpochs.of(freeActive, targetEpoch)),
                kept.standby().union(freeStandby),
                kept.warmup().union(freeWarmup));
        return new Value(
                targetEpoch,
                member.epoch(),
                isAllFree ? MemberState.STABLE : MemberState.UNRELEASED_TASKS,
                next,
                HeldTasks.EMPTY);
    }
}
