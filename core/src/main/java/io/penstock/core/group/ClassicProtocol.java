package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what members of classic groups ask for, joining excepted: see {@link ClassicJoins}. Error codes are Kafka's. Holds no
 * state.
 */
final class ClassicProtocol {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicProtocol.class);

    /** A member that joins for the first time may wait so long for the others (KIP-62). */
    static final long NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

    private final GroupSettings settings;
    private final ClassicJoins joins;

    ClassicProtocol(GroupSettings settings, MemberIds memberIds) {
        this.settings = settings;
        this.joins = new ClassicJoins(settings, memberIds);
    }

    ClassicJoins joins() {
        return joins;
    }

    // ---- sync

    Step sync(@Nullable ClassicGroup group, SyncGroupRequestData request, Reply<SyncGroupResponseData> reply, Now now) {
        if (group == null || group.isEmpty()) {
            return Step.answering(reply, ClassicAnswers.syncRefused(Errors.UNKNOWN_MEMBER_ID));
        }
        Errors error = checkSync(group, request);
        ClassicMember member = group.member(request.memberId());
        if (member == null || error != Errors.NONE) {
            return Step.answering(reply, ClassicAnswers.syncRefused(error));
        }
        return switch (group.state()) {
            case EMPTY, PREPARING_REBALANCE ->
                Step.answering(reply, ClassicAnswers.syncRefused(Errors.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> syncInRebalance(group, member, request, reply, now);
            case STABLE -> syncStable(group, member, reply, now);
        };
    }

    private static Errors checkSync(ClassicGroup group, SyncGroupRequestData request) {
        Errors error = group.checkMember(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != Errors.NONE) {
            return error;
        }
        boolean isSameProtocol = isConsistent(request.protocolType(), group.protocolType())
                && isConsistent(request.protocolName(), group.protocol());
        return isSameProtocol ? Errors.NONE : Errors.INCONSISTENT_GROUP_PROTOCOL;
    }

    private static boolean isConsistent(@Nullable String said, @Nullable String known) {
        return said == null || known == null || said.equals(known);
    }

    private Step syncInRebalance(
            ClassicGroup group,
            ClassicMember member,
            SyncGroupRequestData request,
            Reply<SyncGroupResponseData> reply,
            Now now) {
        ClassicDraft draft = awaitingAssignment(group, member, reply, now);
        if (!group.isLeader(member.id())) {
            return draft.step();
        }
        draft.assign(assignments(request));
        return draft.step().ifUnwritten((error, later) -> {
            ClassicDraft failed = awaitingAssignment(group, member, reply, later);
            failed.takeAssignmentsBack(error);
            failed.rebalance("the assignment could not be stored: " + error);
            return failed.step();
        });
    }

    /** The group with one more member that waits for its assignment. */
    private ClassicDraft awaitingAssignment(
            ClassicGroup group, ClassicMember member, Reply<SyncGroupResponseData> reply, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.answerSync(member, ClassicAnswers.syncRefused(Errors.REBALANCE_IN_PROGRESS)); // an older request
        draft.group().update(member.withSyncWaiter(reply));
        draft.onSynced(member.id());
        return draft;
    }

    private static Map<String, OpaqueBytes> assignments(SyncGroupRequestData request) {
        Map<String, OpaqueBytes> assignments = new HashMap<>();
        for (SyncGroupRequestAssignment assigned : request.assignments()) {
            assignments.put(assigned.memberId(), OpaqueBytes.of(assigned.assignment()));
        }
        return assignments;
    }

    private Step syncStable(ClassicGroup group, ClassicMember member, Reply<SyncGroupResponseData> reply, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.onSynced(member.id());
        return draft.step().answer(reply, ClassicAnswers.synced(group, member.assignment(), Errors.NONE));
    }

    // ---- signs of life

    /** Changes nothing but the member's deadline. */
    Step heartbeat(
            @Nullable ClassicGroup group, HeartbeatRequestData request, Reply<HeartbeatResponseData> reply, Now now) {
        if (group == null) {
            return Step.answering(reply, heard(Errors.UNKNOWN_MEMBER_ID));
        }
        Errors error = group.checkMember(request.memberId(), request.groupInstanceId(), request.generationId());
        ClassicMember member = group.member(request.memberId());
        if (member == null || error != Errors.NONE) {
            return Step.answering(reply, heard(error));
        }
        boolean isRebalancing = group.state() == ClassicState.PREPARING_REBALANCE;
        Step step = Step.answering(reply, heard(isRebalancing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE));
        ClassicTimeouts.expect(step, group.groupId(), member.id(), member.sessionTimeoutMs(), now);
        return step;
    }

    static HeartbeatResponseData heard(Errors error) {
        return new HeartbeatResponseData().setErrorCode(error.code());
    }

    /** A commit counts as a heartbeat. */
    void onCommit(Step step, ClassicGroup group, String memberId, Now now) {
        ClassicMember member = group.member(memberId);
        boolean counts = group.state() == ClassicState.STABLE || group.state() == ClassicState.PREPARING_REBALANCE;
        if (member != null && counts) {
            ClassicTimeouts.expect(step, group.groupId(), memberId, member.sessionTimeoutMs(), now);
        }
    }

    // ---- leave

    Step leave(
            @Nullable ClassicGroup group, LeaveGroupRequestData request, Reply<LeaveGroupResponseData> reply, Now now) {
        if (group == null) {
            return Step.answering(reply, allUnknown(request));
        }
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        List<MemberResponse> answers = new ArrayList<>();
        boolean hasLeft = false;
        for (MemberIdentity member : request.members()) {
            Errors error = leave(draft, member);
            hasLeft |= error == Errors.NONE;
            answers.add(answer(member, error));
        }
        LeaveGroupResponseData response = new LeaveGroupResponseData().setMembers(answers);
        if (!hasLeft) {
            return Step.answering(reply, response);
        }
        if (draft.group().state() != ClassicState.EMPTY) {
            draft.rebalanceOrGoOn("members leave");
        }
        return draft.step().answer(reply, response);
    }

    private static Errors leave(ClassicDraft draft, MemberIdentity leaving) {
        ClassicGroup group = draft.group();
        String memberId = leaving.memberId();
        if (memberId.isEmpty()) {
            String instanceId = leaving.groupInstanceId();
            return remove(draft, instanceId == null ? null : group.roster().staticId(instanceId));
        }
        if (group.roster().isPending(memberId)) {
            draft.forgetPending(memberId);
            return Errors.NONE;
        }
        Errors error = group.roster().check(memberId, leaving.groupInstanceId());
        return error == Errors.NONE ? remove(draft, memberId) : error;
    }

    private static Errors remove(ClassicDraft draft, @Nullable String memberId) {
        ClassicMember member = memberId == null ? null : draft.group().member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        LOGGER.atDebug()
                .addKeyValue("groupId", LoggedText.of(draft.group().groupId()))
                .addKeyValue("memberId", LoggedText.of(member.id()))
                .log("Member leaves the group");
        draft.remove(member);
        return Errors.NONE;
    }

    private static MemberResponse answer(MemberIdentity member, Errors error) {
        return new MemberResponse()
                .setMemberId(member.memberId())
                .setGroupInstanceId(member.groupInstanceId())
                .setErrorCode(error.code());
    }

    private static LeaveGroupResponseData allUnknown(LeaveGroupRequestData request) {
        List<MemberResponse> answers = request.members().stream()
                .map(member -> answer(member, Errors.UNKNOWN_MEMBER_ID))
                .toList();
        return new LeaveGroupResponseData().setMembers(answers);
    }

    // ---- load and unload

    /** Members of a group that was read from the log have a full session to be heard of. */
    Step onLoaded(ClassicGroup group, Now now) {
        if (group.roster().size() == 0) {
            return Step.nothing();
        }
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        group.members().forEach(draft::expect);
        if (group.roster().size() > settings.maxMembers()) {
            draft.rebalance("it has more members than allowed");
        }
        return draft.step();
    }

    /** Sends everybody who waits for others away, to look for another coordinator; the group goes on. */
    Step release(ClassicGroup group, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        for (ClassicMember member : group.members()) {
            draft.answerJoin(member, ClassicAnswers.joinRefused(member.id(), Errors.NOT_COORDINATOR));
            draft.answerSync(member, ClassicAnswers.syncRefused(Errors.NOT_COORDINATOR));
            draft.group().update(member.withoutJoinWaiter().withSyncWaiter(null));
        }
        return draft.step();
    }

    /** Tells everybody who waits to look for another coordinator. */
    static Step onUnloaded(ClassicGroup group) {
        Step step = new Step();
        for (ClassicMember member : group.members()) {
            var joinWaiter = member.joinWaiter();
            if (joinWaiter != null) {
                step.answer(joinWaiter, ClassicAnswers.joinRefused(member.id(), Errors.NOT_COORDINATOR));
            }
            var syncWaiter = member.syncWaiter();
            if (syncWaiter != null) {
                step.answer(syncWaiter, ClassicAnswers.syncRefused(Errors.NOT_COORDINATOR));
            }
        }
        return step;
    }
}
