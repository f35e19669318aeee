package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decision about a classic group while it is being made: a copy of the group, and the {@link Step} that comes of changing it.
 * Has the moves of a rebalance, which joins, leaves and deadlines share. Owned by one decision.
 */
final class ClassicDraft {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicDraft.class);

    private final ClassicGroup group;
    private final GroupSettings settings;
    private final Now now;
    private final Step step = new Step();

    /** Starts to change a group. */
    ClassicDraft(ClassicGroup current, GroupSettings settings, Now now) {
        this.group = current.copy();
        this.settings = settings;
        this.now = now;
        step.put(group);
    }

    ClassicGroup group() {
        return group;
    }

    Step step() {
        return step;
    }

    Now now() {
        return now;
    }

    // ---- members

    /** Adds a member that has asked to join; a rebalance follows. */
    void add(ClassicMember member, String reason) {
        group.add(member);
        expectWithin(member.id(), ClassicProtocol.NEW_MEMBER_JOIN_TIMEOUT_MS);
        rebalanceOrGoOn("a member joins: " + reason);
    }

    /** Takes over what a member says in a new request to join; a rebalance follows. */
    void rejoin(ClassicMember member, JoinRequest request) {
        answerJoin(member, ClassicAnswers.joinRefused(member.id(), Errors.REBALANCE_IN_PROGRESS)); // an older request
        group.update(member.rejoining(request));
        rebalanceOrGoOn("a member joins again: " + request.reason());
    }

    /** Removes a member; whoever waits in its name is told that it is not one any more. */
    void remove(ClassicMember member) {
        answerJoin(member, ClassicAnswers.joinRefused("", Errors.UNKNOWN_MEMBER_ID));
        answerSync(member, new SyncGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        group.remove(member.id());
        step.cancel(TimerKey.session(group.groupId(), member.id()));
    }

    /** Removes an id that was given and has not come back. */
    void forgetPending(String memberId) {
        group.remove(memberId);
        step.cancel(TimerKey.session(group.groupId(), memberId));
    }

    /** The member has to be heard of within its session timeout. */
    void expect(ClassicMember member) {
        expectWithin(member.id(), member.sessionTimeoutMs());
    }

    void expectWithin(String memberId, long timeoutMs) {
        ClassicTimeouts.expect(step, group.groupId(), memberId, timeoutMs, now);
    }

    void answerJoin(ClassicMember member, JoinGroupResponseData answer) {
        Reply<JoinGroupResponseData> waiter = member.joinWaiter();
        if (waiter != null) {
            step.answer(waiter, answer);
        }
    }

    boolean answerSync(ClassicMember member, SyncGroupResponseData answer) {
        Reply<SyncGroupResponseData> waiter = member.syncWaiter();
        if (waiter != null) {
            step.answer(waiter, answer);
        }
        return waiter != null;
    }

    // ---- the join phase

    /** Starts a rebalance, or ends the join phase of the one under way if nobody is missing any more. */
    void rebalanceOrGoOn(String reason) {
        if (group.state() == ClassicState.PREPARING_REBALANCE) {
            endJoinPhaseIfComplete();
        } else {
            rebalance(reason);
        }
    }

    /** Ends the join phase if everybody has joined. The first one after the group was empty ends by time alone. */
    void endJoinPhaseIfComplete() {
        if (group.state() == ClassicState.PREPARING_REBALANCE
                && !group.isInitialRebalance()
                && group.roster().haveAllJoined()) {
            endJoinPhase();
        }
    }

    /** Starts a rebalance: everybody has to join again. */
    void rebalance(String reason) {
        if (group.state() == ClassicState.COMPLETING_REBALANCE) {
            takeAssignmentsBack(Errors.REBALANCE_IN_PROGRESS);
        }
        group.forgetPendingSyncs();
        step.cancel(TimerKey.sync(group.groupId()));
        group.toPreparing(now.wallMs());
        LOGGER.atDebug()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("generation", group.generation())
                .addKeyValue("reason", LoggedText.of(reason))
                .log("Group rebalances");
        if (group.isInitialRebalance()) {
            int delayMs = settings.initialRebalanceDelayMs();
            ClassicTimeouts.awaitMore(this, delayMs, Math.max(0, group.roster().rebalanceTimeoutMs() - delayMs));
        } else if (group.roster().haveAllJoined()) {
            endJoinPhase();
        } else {
            ClassicTimeouts.awaitJoins(this);
        }
    }

    /** Goes on without those who have not joined, static members excepted, who may be late. */
    void endJoinPhase() {
        step.cancel(TimerKey.join(group.groupId()));
        List<ClassicMember> missing = group.members().stream()
                .filter(member -> !member.isAwaitingJoin() && !member.isStatic())
                .toList();
        missing.forEach(this::remove);
        if (group.roster().size() > 0 && !electLeader()) {
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(group.groupId()))
                    .log("No member of the group has come back in time");
            ClassicTimeouts.awaitJoins(this);
            return;
        }
        group.toNextGeneration(now.wallMs());
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("generation", group.generation())
                .addKeyValue("members", group.roster().size())
                .addKeyValue("missing", missing.size())
                .log("Group begins a generation");
        if (group.isEmpty()) {
            step.append(group.toRecord());
        } else {
            startSyncPhase();
        }
    }

    /** Sees to it that the leader is one that has joined; false if nobody has. */
    private boolean electLeader() {
        String leaderId = group.leaderId();
        ClassicMember leader = leaderId == null ? null : group.member(leaderId);
        if (leader != null && leader.isAwaitingJoin()) {
            return true;
        }
        for (ClassicMember member : group.members()) {
            if (member.isAwaitingJoin()) {
                group.lead(member.id());
                return true;
            }
        }
        return false;
    }

    private void startSyncPhase() {
        for (ClassicMember member : List.copyOf(group.members())) {
            answerJoin(member, joined(member.id()));
            group.update(member.withoutJoinWaiter().settled());
            group.awaitSync(member.id());
            expect(member);
        }
        ClassicTimeouts.awaitSyncs(this);
    }

    /** The answer to a member of this generation; the leader is told of all others. */
    JoinGroupResponseData joined(String memberId) {
        return ClassicAnswers.joined(group, memberId)
                .setMembers(group.isLeader(memberId) ? describeMembers() : List.of());
    }

    private List<JoinGroupResponseMember> describeMembers() {
        return group.members().stream()
                .map(member -> new JoinGroupResponseMember()
                        .setMemberId(member.id())
                        .setGroupInstanceId(member.instanceId())
                        .setMetadata(member.metadata(group.protocol()).array()))
                .toList();
    }

    // ---- the sync phase

    /** Gives every member what the leader assigned, nothing if it assigned nothing, and ends the rebalance. */
    void assign(Map<String, OpaqueBytes> assignments) {
        for (ClassicMember member : List.copyOf(group.members())) {
            ClassicMember assigned = member.withAssignment(assignments.getOrDefault(member.id(), OpaqueBytes.EMPTY));
            group.update(answerAssigned(assigned, Errors.NONE));
        }
        group.toStable(now.wallMs());
        step.append(group.toRecord());
    }

    /** Nobody is assigned anything, and those who wait for it are told why. */
    void takeAssignmentsBack(Errors error) {
        for (ClassicMember member : List.copyOf(group.members())) {
            group.update(answerAssigned(member.withAssignment(OpaqueBytes.EMPTY), error));
        }
    }

    private ClassicMember answerAssigned(ClassicMember member, Errors error) {
        if (answerSync(member, ClassicAnswers.synced(group, member.assignment(), error))) {
            expect(member);
        }
        return member.withSyncWaiter(null);
    }

    /** The member has asked for its assignment. */
    void onSynced(String memberId) {
        group.onSynced(memberId);
        if (group.pendingSyncs().isEmpty()) {
            step.cancel(TimerKey.sync(group.groupId()));
        }
    }
}
