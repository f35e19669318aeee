package io.penstock.core.group;

import io.penstock.core.group.TimerKey.Purpose;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the deadlines of classic groups and decides what happens when one comes. Stateless.
 *
 * <p>A deadline may have been met or moved while the command that it became has waited for its turn; so each looks again.
 */
final class ClassicTimeouts {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicTimeouts.class);

    private ClassicTimeouts() {}

    /** A change of a group that a deadline brings about. */
    private interface Move {
        /** Changes the draft; false if there is nothing to do any more. */
        boolean make(ClassicDraft draft);
    }

    private static GroupCommand command(TimerKey key, Move move) {
        return GroupCommand.internal(key.groupId(), (shard, now) -> {
            if (shard.isScheduled(key) || !(shard.group(key.groupId()) instanceof ClassicGroup group)) {
                return Step.nothing();
            }
            ClassicDraft draft = new ClassicDraft(group, shard.settings(), now);
            return move.make(draft) ? draft.step() : Step.nothing();
        });
    }

    // ---- a member is not heard of

    /** The member, or the client that was given the id, has to be heard of in time. */
    static void expect(Step step, String groupId, String memberId, long timeoutMs, Now now) {
        TimerKey key = TimerKey.session(groupId, memberId);
        step.schedule(key, now.awakeMs() + timeoutMs, command(key, draft -> expire(draft, memberId)));
    }

    private static boolean expire(ClassicDraft draft, String memberId) {
        ClassicGroup group = draft.group();
        if (group.roster().isPending(memberId)) {
            group.remove(memberId);
            draft.endJoinPhaseIfComplete();
            return true;
        }
        ClassicMember member = group.member(memberId);
        if (member == null || member.isKeptAlive()) {
            return false;
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("memberId", LoggedText.of(memberId))
                .log("Member was not heard of within its session timeout");
        draft.remove(member);
        draft.rebalanceOrGoOn("a member was lost");
        return true;
    }

    // ---- the join phase takes long enough

    /** An empty group waits for more members than the first. */
    static void awaitMore(ClassicDraft draft, int delayMs, int remainingMs) {
        schedule(draft, Purpose.JOIN, delayMs, later -> {
            if (!isStill(later, ClassicState.PREPARING_REBALANCE)) {
                return false;
            }
            if (later.group().isMemberAdded() && remainingMs > 0) {
                later.group().forgetMemberAdded();
                awaitMore(later, Math.min(delayMs, remainingMs), Math.max(0, remainingMs - delayMs));
            } else {
                later.endJoinPhase();
            }
            return true;
        });
    }

    /** Members have to join again within the longest of their rebalance timeouts. */
    static void awaitJoins(ClassicDraft draft) {
        int generation = draft.group().generation();
        schedule(draft, Purpose.JOIN, draft.group().roster().rebalanceTimeoutMs(), later -> {
            if (!isStill(later, ClassicState.PREPARING_REBALANCE)
                    || later.group().generation() != generation) {
                return false;
            }
            later.endJoinPhase();
            return true;
        });
    }

    // ---- the sync phase takes too long

    /** Members have to ask for their assignment within the longest of their rebalance timeouts. */
    static void awaitSyncs(ClassicDraft draft) {
        int generation = draft.group().generation();
        schedule(draft, Purpose.SYNC, draft.group().roster().rebalanceTimeoutMs(), later -> {
            boolean isLate = isStill(later, ClassicState.COMPLETING_REBALANCE) || isStill(later, ClassicState.STABLE);
            return isLate && later.group().generation() == generation && expirePendingSyncs(later);
        });
    }

    private static boolean expirePendingSyncs(ClassicDraft draft) {
        ClassicGroup group = draft.group();
        if (group.pendingSyncs().isEmpty()) {
            return false;
        }
        for (String memberId : group.pendingSyncs()) {
            ClassicMember member = group.member(memberId);
            if (member != null) {
                draft.remove(member);
            }
        }
        draft.rebalance("members have not asked for their assignment");
        return true;
    }

    private static void schedule(ClassicDraft draft, Purpose purpose, long delayMs, Move move) {
        TimerKey key = new TimerKey(draft.group().groupId(), purpose, "");
        draft.step().schedule(key, draft.now().awakeMs() + delayMs, command(key, move));
    }

    private static boolean isStill(ClassicDraft draft, ClassicState state) {
        return draft.group().state() == state;
    }
}
