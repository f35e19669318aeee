package io.penstock.core.group;

import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.streams.StreamsMember;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the deadlines of streams groups: members that miss one are fenced, and a new group gets its first target. Stateless.
 *
 * <p>A deadline may have been met or moved while the command that it became has waited for its turn; so each looks again.
 */
final class StreamsTimeouts {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsTimeouts.class);

    private StreamsTimeouts() {}

    /** The member has to be heard of within its session timeout. */
    static void expectHeartbeat(Step step, String groupId, String memberId, int timeoutMs, Now now) {
        schedule(step, TimerKey.session(groupId, memberId), timeoutMs, now, member -> true, "its session expired");
    }

    /** The member has to give tasks up within its rebalance timeout, before it can be given others. */
    static void expectRevocation(Step step, String groupId, StreamsMember member, Now now) {
        schedule(
                step,
                TimerKey.revocation(groupId, member.id()),
                member.profile().rebalanceTimeoutMs(),
                now,
                later -> later.epoch() == member.epoch(),
                "it did not give up its tasks in time");
    }

    /** Forgets all deadlines of a member. */
    static void cancelAll(Step step, String groupId, String memberId) {
        step.cancel(TimerKey.session(groupId, memberId)).cancel(TimerKey.revocation(groupId, memberId));
    }

    /** The group's first target is computed when others have had time to join. */
    static void delayFirstTarget(Step step, String groupId, int delayMs, Now now) {
        step.schedule(
                TimerKey.firstTarget(groupId),
                now.awakeMs() + delayMs,
                GroupCommand.internal(groupId, (shard, later) -> firstTarget(shard, groupId, later)));
    }

    private static Step firstTarget(CoordinatorShard shard, String groupId, Now now) {
        if (!(shard.group(groupId) instanceof StreamsGroup group) || group.isEmpty()) {
            return Step.nothing();
        }
        StreamsDraft draft = new StreamsDraft(shard, group, now);
        draft.updateTargets();
        return draft.finish();
    }

    /** Members of a group that was read from the log have the full time again. */
    static Step onLoaded(CoordinatorShard shard, StreamsGroup group, Now now) {
        Step step = new Step();
        int timeoutMs = shard.streamsSettings(group.groupId()).sessionTimeoutMs();
        for (StreamsMember member : group.roster().members()) {
            expectHeartbeat(step, group.groupId(), member.id(), timeoutMs, now);
            if (member.state() == MemberState.UNREVOKED_TASKS) {
                expectRevocation(step, group.groupId(), member, now);
            }
        }
        return step;
    }

    private static void schedule(
            Step step, TimerKey key, int timeoutMs, Now now, Predicate<StreamsMember> isStillDue, String reason) {
        step.schedule(key, now.awakeMs() + timeoutMs, GroupCommand.internal(key.groupId(), (shard, later) -> {
            StreamsGroup group = shard.group(key.groupId()) instanceof StreamsGroup known ? known : null;
            StreamsMember member = group == null ? null : group.member(key.memberId());
            if (group == null || member == null || shard.isScheduled(key) || !isStillDue.test(member)) {
                return Step.nothing();
            }
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(key.groupId()))
                    .addKeyValue("memberId", LoggedText.of(member.id()))
                    .log("Member of a streams group is fenced because {}", reason);
            return StreamsLeaves.remove(shard, group, member, later);
        }));
    }
}
