package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the deadlines of members of consumer groups; who misses one is fenced. Stateless.
 *
 * <p>A deadline may have been met or moved while the command that it became has waited for its turn; so each looks again.
 */
final class ConsumerTimeouts {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerTimeouts.class);

    private ConsumerTimeouts() {}

    /** The member has to be heard of within its session timeout. */
    static void expectHeartbeat(Step step, String groupId, String memberId, int timeoutMs, Now now) {
        schedule(step, TimerKey.session(groupId, memberId), timeoutMs, now, member -> true, "its session expired");
    }

    /** The member has to give partitions up within its rebalance timeout, before it can be given others. */
    static void expectRevocation(Step step, String groupId, ConsumerMember member, Now now) {
        schedule(
                step,
                TimerKey.revocation(groupId, member.id()),
                member.profile().rebalanceTimeoutMs(),
                now,
                later -> later.epoch() == member.epoch(),
                "it did not give up its partitions in time");
    }

    /** A member of the classic protocol has to join again within its rebalance timeout, from the first time that it was told to. */
    static void expectJoin(CoordinatorShard shard, Step step, String groupId, ConsumerMember member, Now now) {
        TimerKey key = TimerKey.join(groupId, member.id());
        if (!shard.isScheduled(key)) {
            schedule(
                    step,
                    key,
                    member.profile().rebalanceTimeoutMs(),
                    now,
                    later -> true,
                    "it did not join again in time");
        }
    }

    /** A member of the classic protocol that has joined has to ask for its assignment within its rebalance timeout. */
    static void expectSync(Step step, String groupId, String memberId, int timeoutMs, Now now) {
        schedule(
                step,
                TimerKey.sync(groupId, memberId),
                timeoutMs,
                now,
                member -> true,
                "it did not ask for its assignment in time");
    }

    /** Forgets all deadlines of a member. */
    static void cancelAll(Step step, String groupId, String memberId) {
        step.cancel(TimerKey.session(groupId, memberId))
                .cancel(TimerKey.revocation(groupId, memberId))
                .cancel(TimerKey.join(groupId, memberId))
                .cancel(TimerKey.sync(groupId, memberId));
    }

    /** Members of a group that was read from the log have the full time again. */
    static Step onLoaded(CoordinatorShard shard, ConsumerGroup group, Now now) {
        Step step = new Step();
        int timeoutMs = shard.consumerSettings(group.groupId()).sessionTimeoutMs();
        for (ConsumerMember member : group.roster().members()) {
            expectHeartbeat(step, group.groupId(), member.id(), timeoutMs, now);
            if (member.state() == MemberState.UNREVOKED_PARTITIONS) {
                expectRevocation(step, group.groupId(), member, now);
            }
        }
        return step;
    }

    private static void schedule(
            Step step, TimerKey key, int timeoutMs, Now now, Predicate<ConsumerMember> isStillDue, String reason) {
        step.schedule(key, now.awakeMs() + timeoutMs, GroupCommand.internal(key.groupId(), (shard, later) -> {
            ConsumerMember member =
                    shard.group(key.groupId()) instanceof ConsumerGroup group ? group.member(key.memberId()) : null;
            if (member == null || shard.isScheduled(key) || !isStillDue.test(member)) {
                return Step.nothing();
            }
            return fence(shard, key, member, reason, later);
        }));
    }

    private static Step fence(CoordinatorShard shard, TimerKey key, ConsumerMember member, String reason, Now now) {
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(key.groupId()))
                .addKeyValue("memberId", LoggedText.of(member.id()))
                .log("Member of a consumer group is fenced because {}", reason);
        return shard.group(key.groupId()) instanceof ConsumerGroup group
                ? ConsumerLeaves.remove(shard, group, Set.of(member), now)
                : Step.nothing();
    }
}
