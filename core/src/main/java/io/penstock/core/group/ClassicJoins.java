package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may join a classic group, and what comes of it. Error codes are Kafka's. Holds no state.
 *
 * <p>KIP-345 and KIP-814 are about static members, KIP-394 about ids that are given before a member counts.
 */
final class ClassicJoins {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClassicJoins.class);
    /** Ids given out in one group and not come back yet, beyond which nobody new is let in. */
    private static final int MAX_PENDING = 10_000;
    /** Longest name of a client in a member's id: the id must fit into a record. */
    private static final int MAX_NAME_CHARS = 10_000;

    private final GroupSettings settings;
    private final MemberIds memberIds;

    ClassicJoins(GroupSettings settings, MemberIds memberIds) {
        this.settings = settings;
        this.memberIds = memberIds;
    }

    /**
     * Decides a join.
     *
     * @param current the group, null if there is none
     * @param roomBytes what members of all groups may still say
     */
    Step join(@Nullable ClassicGroup current, JoinRequest request, long roomBytes, Now now) {
        if (current == null && request.hasMemberId()) {
            return refuse(request, request.memberId(), Errors.UNKNOWN_MEMBER_ID);
        }
        ClassicGroup group = current == null ? ClassicGroup.empty(request.groupId(), now.wallMs()) : current;
        if (!hasRoom(group, request)) {
            return removeForSize(group, request, now);
        }
        if (growth(group, request) > roomBytes) {
            return refuse(request, "", Errors.GROUP_MAX_SIZE_REACHED);
        }
        if (!group.accepts(request.protocolType(), request.protocols())) {
            return refuse(request, request.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        Step step = request.hasMemberId() ? joinKnown(group, request, now) : joinUnknown(group, request, now);
        // A group is remembered from its first join on, though nobody is in it before the first assignment.
        return current == null ? step.append(group.toRecord()) : step;
    }

    private static Step refuse(JoinRequest request, String memberId, Errors error) {
        return Step.answering(request.reply(), ClassicAnswers.joinRefused(memberId, error));
    }

    private boolean hasRoom(ClassicGroup group, JoinRequest request) {
        ClassicMember member = group.member(request.memberId());
        boolean isLetIn = switch (group.state()) {
            case EMPTY -> true;
            case PREPARING_REBALANCE ->
                (member != null && member.isAwaitingJoin())
                        || group.roster().awaitingJoinCount() < settings.maxMembers();
            case COMPLETING_REBALANCE, STABLE ->
                member != null || group.roster().size() < settings.maxMembers();
        };
        return isLetIn && (request.hasMemberId() || group.roster().pendingCount() < MAX_PENDING);
    }

    /** Bytes that the group would take more; 0 or less is always allowed. */
    private static long growth(ClassicGroup group, JoinRequest request) {
        ClassicMember member = group.member(request.memberId());
        long before = member == null ? 0 : MemberProtocol.sizeBytes(member.protocols());
        long grown = MemberProtocol.sizeBytes(request.protocols()) - before;
        return grown <= 0 ? Long.MIN_VALUE : grown;
    }

    /** Members that come too late into a group that has become too large lose their place; so do ids that were given. */
    private Step removeForSize(ClassicGroup group, JoinRequest request, Now now) {
        JoinGroupResponseData answer = ClassicAnswers.joinRefused("", Errors.GROUP_MAX_SIZE_REACHED);
        ClassicMember member = group.member(request.memberId());
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        if (member != null) {
            draft.remove(member);
        } else if (group.roster().isPending(request.memberId())) {
            draft.forgetPending(request.memberId());
        } else {
            return Step.answering(request.reply(), answer);
        }
        draft.endJoinPhaseIfComplete();
        return draft.step().answer(request.reply(), answer);
    }

    // ---- clients without an id

    private Step joinUnknown(ClassicGroup group, JoinRequest request, Now now) {
        String instanceId = request.instanceId();
        String newId = newMemberId(instanceId == null ? request.clientId() : instanceId);
        if (instanceId != null) {
            String knownId = group.roster().staticId(instanceId);
            ClassicMember known = knownId == null ? null : group.member(knownId);
            if (known != null) {
                return replaceStatic(group, known, newId, request, now);
            }
        } else if (request.knownIdRequired()) {
            return giveId(group, newId, request, now);
        }
        return add(group, newId, request, now);
    }

    private String newMemberId(String name) {
        return name.substring(0, Math.min(name.length(), MAX_NAME_CHARS)) + "-" + memberIds.next();
    }

    private Step giveId(ClassicGroup group, String newId, JoinRequest request, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.group().addPending(newId);
        draft.expectWithin(newId, request.sessionTimeoutMs());
        return draft.step().answer(request.reply(), ClassicAnswers.joinRefused(newId, Errors.MEMBER_ID_REQUIRED));
    }

    private Step add(ClassicGroup group, String memberId, JoinRequest request, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.add(ClassicMember.joining(memberId, request), request.reason());
        return draft.step();
    }

    /** A static member comes back as another process: it takes the old one's place, without a rebalance if that may be. */
    private Step replaceStatic(ClassicGroup group, ClassicMember old, String newId, JoinRequest request, Now now) {
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("memberId", LoggedText.of(newId))
                .log("A static member takes the place of its former process");
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.answerJoin(old, ClassicAnswers.joinRefused(old.id(), Errors.FENCED_INSTANCE_ID));
        draft.answerSync(old, ClassicAnswers.syncRefused(Errors.FENCED_INSTANCE_ID));
        draft.step().cancel(TimerKey.session(group.groupId(), old.id()));
        ClassicMember replacement = draft.group().replaceStatic(old, newId).rejoining(request);
        draft.group().update(replacement);
        draft.expect(replacement);
        switch (group.state()) {
            case STABLE -> settleStable(draft, group, old, replacement, request);
            case COMPLETING_REBALANCE -> draft.rebalance("a static member was replaced: " + request.reason());
            case PREPARING_REBALANCE -> draft.endJoinPhaseIfComplete();
            case EMPTY ->
                throw new IllegalStateException("expected no static member in an empty group " + group.groupId());
        }
        return draft.step();
    }

    private static void settleStable(
            ClassicDraft draft,
            ClassicGroup before,
            ClassicMember old,
            ClassicMember replacement,
            JoinRequest request) {
        ClassicGroup group = draft.group();
        String protocol = group.protocol();
        boolean isSame = group.roster().electProtocol().equals(protocol)
                && isSameSubscription(before, old.metadata(protocol), replacement.metadata(protocol));
        if (!isSame) {
            draft.rebalance("a static member came back with another subscription: " + request.reason());
            return;
        }
        ClassicMember settled = replacement.withoutJoinWaiter();
        group.update(settled);
        group.refreshSubscribedTopics();
        draft.step().append(group.toRecord()).answer(request.reply(), keptAssignment(draft, before, settled, request));
    }

    /** Consumers that read other topics than before need another assignment (KAFKA-12759); what others say is opaque. */
    private static boolean isSameSubscription(ClassicGroup group, OpaqueBytes before, OpaqueBytes after) {
        if (!ClassicGroup.CONSUMER_PROTOCOL.equals(group.protocolType())) {
            return true;
        }
        Set<String> topics = ConsumerSubscriptions.topics(after);
        return topics == null || Objects.equals(ConsumerSubscriptions.topics(before), topics);
    }

    /**
     * The answer to a static member that was replaced without a rebalance. If it leads, new clients are told to keep the assignment;
     * old ones are given the leader's former id, so that they do not assign.
     */
    private static JoinGroupResponseData keptAssignment(
            ClassicDraft draft, ClassicGroup before, ClassicMember member, JoinRequest request) {
        if (request.canSkipAssignment()) {
            return draft.joined(member.id()).setSkipAssignment(draft.group().isLeader(member.id()));
        }
        String formerLeader = before.leaderId();
        return ClassicAnswers.joined(draft.group(), member.id()).setLeader(formerLeader == null ? "" : formerLeader);
    }

    // ---- clients with an id

    private Step joinKnown(ClassicGroup group, JoinRequest request, Now now) {
        String memberId = request.memberId();
        if (group.roster().isPending(memberId)) {
            return request.instanceId() == null
                    ? add(group, memberId, request, now)
                    : refuse(request, memberId, Errors.UNKNOWN_MEMBER_ID);
        }
        Errors error = group.roster().check(memberId, request.instanceId());
        ClassicMember member = group.member(memberId);
        if (member == null || error != Errors.NONE) {
            return refuse(request, memberId, error);
        }
        boolean isUnchanged = member.protocols().equals(request.protocols());
        boolean isRebalanceWanted = switch (group.state()) {
            case PREPARING_REBALANCE -> true;
            case COMPLETING_REBALANCE -> !isUnchanged;
            case STABLE -> !isUnchanged || group.isLeader(memberId);
            case EMPTY -> throw new IllegalStateException("expected no member in an empty group " + group.groupId());
        };
        return isRebalanceWanted ? rejoin(group, member, request, now) : repeat(group, memberId, request, now);
    }

    private Step rejoin(ClassicGroup group, ClassicMember member, JoinRequest request, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        draft.rejoin(member, request);
        return draft.step();
    }

    /** The member has lost the answer to its last join: it is told once more where the group is. */
    private Step repeat(ClassicGroup group, String memberId, JoinRequest request, Now now) {
        ClassicDraft draft = new ClassicDraft(group, settings, now);
        JoinGroupResponseData answer = group.state() == ClassicState.COMPLETING_REBALANCE
                ? draft.joined(memberId)
                : ClassicAnswers.joined(group, memberId).setMembers(List.of());
        return Step.answering(request.reply(), answer);
    }
}
