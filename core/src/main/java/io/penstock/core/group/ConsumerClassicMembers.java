package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Protocol;
import io.penstock.core.group.record.OpaqueBytes;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what members of the classic protocol ask of a consumer group, joining excepted: see {@link ConsumerClassicJoin}. Error codes
 * are Kafka's. Stateless.
 */
final class ConsumerClassicMembers {
    private ConsumerClassicMembers() {}

    // ---- sync

    /** Gives the member what it may read in its epoch. */
    static Step sync(
            CoordinatorShard shard,
            ConsumerGroup group,
            SyncGroupRequestData request,
            Reply<SyncGroupResponseData> reply,
            Now now) {
        String instanceId = request.groupInstanceId();
        ConsumerMember member = find(group, request.memberId(), instanceId);
        Errors error = refusal(member, request.memberId(), request.generationId());
        ClassicMetadata classic = member == null ? null : member.classic();
        if (member == null || classic == null || error != Errors.NONE) {
            return Step.answering(reply, ClassicAnswers.syncRefused(error));
        }
        Protocol protocol = classic.supportedProtocols().get(0);
        if (!isConsistent(request, protocol.name())) {
            return Step.answering(reply, ClassicAnswers.syncRefused(Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        boolean isBehind = group.targets().epoch() > member.epoch();
        if (isBehind && member.state() != MemberState.UNREVOKED_PARTITIONS) {
            Step step = Step.answering(reply, ClassicAnswers.syncRefused(Errors.REBALANCE_IN_PROGRESS));
            ConsumerTimeouts.expectJoin(shard, step, group.groupId(), member, now);
            return step;
        }
        Step step = new Step().cancel(TimerKey.sync(group.groupId(), member.id()));
        ConsumerTimeouts.expectHeartbeat(step, group.groupId(), member.id(), classic.sessionTimeoutMs(), now);
        return step.answer(reply, synced(shard, request, member.assigned().partitions(), protocol));
    }

    private static boolean isConsistent(SyncGroupRequestData request, String protocol) {
        String saidType = request.protocolType();
        String saidName = request.protocolName();
        return (saidType == null || saidType.equals(ClassicGroup.CONSUMER_PROTOCOL))
                && (saidName == null || saidName.equals(protocol));
    }

    private static SyncGroupResponseData synced(
            CoordinatorShard shard, SyncGroupRequestData request, PartitionSet assigned, Protocol protocol) {
        OpaqueBytes assignment = EmbeddedProtocol.assignment(assigned, shard.topics(), protocol.metadata());
        return new SyncGroupResponseData()
                .setProtocolType(request.protocolType())
                .setProtocolName(request.protocolName())
                .setAssignment(assignment.array());
    }

    // ---- heartbeat

    /** Keeps the member's session and tells it to join again when there is something for it to give up or to get. */
    static Step heartbeat(
            CoordinatorShard shard,
            ConsumerGroup group,
            HeartbeatRequestData request,
            Reply<HeartbeatResponseData> reply,
            Now now) {
        ConsumerMember member = find(group, request.memberId(), request.groupInstanceId());
        Errors error = refusal(member, request.memberId(), request.generationId());
        ClassicMetadata classic = member == null ? null : member.classic();
        if (member == null || classic == null || error != Errors.NONE) {
            return Step.answering(reply, ClassicProtocol.heard(error));
        }
        Step step = new Step();
        ConsumerTimeouts.expectHeartbeat(step, group.groupId(), member.id(), classic.sessionTimeoutMs(), now);
        if (!hasToJoinAgain(group, member)) {
            return step.answer(reply, ClassicProtocol.heard(Errors.NONE));
        }
        ConsumerTimeouts.expectJoin(shard, step, group.groupId(), member, now);
        return step.answer(reply, ClassicProtocol.heard(Errors.REBALANCE_IN_PROGRESS));
    }

    private static boolean hasToJoinAgain(ConsumerGroup group, ConsumerMember member) {
        return member.epoch() < group.targets().epoch()
                || member.state() == MemberState.UNREVOKED_PARTITIONS
                || (member.state() == MemberState.UNRELEASED_PARTITIONS && !isWaiting(group, member));
    }

    /** Whether others still hold something that the member is to have. */
    private static boolean isWaiting(ConsumerGroup group, ConsumerMember member) {
        PartitionSet missing =
                group.targets().of(member.id()).without(member.assigned().partitions());
        return !missing.filter((topicId, partition) -> group.owners().owner(topicId, partition) != null)
                .isEmpty();
    }

    // ---- leave

    static Step leave(
            CoordinatorShard shard,
            ConsumerGroup group,
            LeaveGroupRequestData request,
            Reply<LeaveGroupResponseData> reply,
            Now now) {
        Set<ConsumerMember> leaving = new LinkedHashSet<>();
        List<MemberResponse> answers = new ArrayList<>();
        for (MemberIdentity identity : request.members()) {
            boolean isAnyProcess = identity.memberId().isEmpty() && identity.groupInstanceId() != null;
            ConsumerMember member = find(group, identity.memberId(), identity.groupInstanceId());
            Errors error = isAnyProcess && member != null ? Errors.NONE : refusal(member, identity.memberId());
            if (member != null && error == Errors.NONE) {
                leaving.add(member);
            }
            answers.add(new MemberResponse()
                    .setMemberId(identity.memberId())
                    .setGroupInstanceId(identity.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        return ConsumerLeaves.remove(shard, group, leaving, now)
                .answer(reply, new LeaveGroupResponseData().setMembers(answers));
    }

    // ---- who is it

    private static @Nullable ConsumerMember find(ConsumerGroup group, String memberId, @Nullable String instanceId) {
        return instanceId == null ? group.member(memberId) : group.roster().staticMember(instanceId);
    }

    private static Errors refusal(@Nullable ConsumerMember member, String memberId) {
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.id().equals(memberId) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
    }

    private static Errors refusal(@Nullable ConsumerMember member, String memberId, int generation) {
        Errors error = refusal(member, memberId);
        if (member == null || error != Errors.NONE) {
            return error;
        } else if (!member.isClassic()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return member.epoch() == generation ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }
}
