package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Puts what is known of a classic group into Kafka's messages. Stateless. */
final class ClassicAnswers {
    private ClassicAnswers() {}

    static JoinGroupResponseData joinRefused(String memberId, Errors error) {
        return new JoinGroupResponseData().setMemberId(memberId).setErrorCode(error.code());
    }

    /** The answer to a member of the present generation, without the others. */
    static JoinGroupResponseData joined(ClassicGroup group, String memberId) {
        String leaderId = group.leaderId();
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setGenerationId(group.generation())
                .setProtocolName(group.protocol())
                .setProtocolType(group.protocolType())
                .setLeader(leaderId == null ? "" : leaderId);
    }

    static SyncGroupResponseData syncRefused(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }

    static SyncGroupResponseData synced(ClassicGroup group, OpaqueBytes assignment, Errors error) {
        SyncGroupResponseData answer =
                new SyncGroupResponseData().setErrorCode(error.code()).setAssignment(assignment.array());
        return error == Errors.NONE
                ? answer.setProtocolType(group.protocolType()).setProtocolName(group.protocol())
                : answer;
    }

    /** The group with its members; what they said is told only when it is settled. */
    static DescribedGroup described(ClassicGroup group) {
        boolean isStable = group.state() == ClassicState.STABLE;
        String protocol = group.protocol();
        DescribedGroup answer = new DescribedGroup()
                .setGroupId(group.groupId())
                .setGroupState(group.stateName())
                .setProtocolType(group.protocolTypeName())
                .setProtocolData(isStable && protocol != null ? protocol : "");
        for (ClassicMember member : group.members()) {
            answer.members().add(described(member, isStable ? member.metadata(protocol) : OpaqueBytes.EMPTY));
        }
        return answer;
    }

    private static DescribedGroupMember described(ClassicMember member, OpaqueBytes metadata) {
        return new DescribedGroupMember()
                .setMemberId(member.id())
                .setGroupInstanceId(member.instanceId())
                .setClientId(member.clientId())
                .setClientHost(member.clientHost())
                .setMemberMetadata(metadata.array())
                .setMemberAssignment(member.assignment().array());
    }

    /** A group that is not there, or of another kind, as {@code DescribeGroups} tells it. */
    static DescribedGroup notFound(String groupId, @Nullable Group other) {
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(ClassicState.DEAD_NAME)
                .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                .setErrorMessage(
                        other == null
                                ? "Group " + groupId + " not found."
                                : "Group " + groupId + " is not a classic group.");
    }
}
