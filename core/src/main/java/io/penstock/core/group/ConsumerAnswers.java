package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Puts what is known of a consumer group into Kafka's messages. Stateless. */
final class ConsumerAnswers {
    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private ConsumerAnswers() {}

    /** Tells why; what has no reason is a bug. */
    static ConsumerGroupHeartbeatResponseData refused(@Nullable Refusal refusal) {
        return refusal == null
                ? refused(Errors.UNKNOWN_SERVER_ERROR)
                : new ConsumerGroupHeartbeatResponseData()
                        .setErrorCode(refusal.error().code())
                        .setErrorMessage(refusal.message());
    }

    /** Without a text: it would say what the code says, and Kafka sends none then. */
    static ConsumerGroupHeartbeatResponseData refused(Errors error) {
        return new ConsumerGroupHeartbeatResponseData().setErrorCode(error.code());
    }

    static ConsumerGroupHeartbeatResponseData left(ConsumerGroupHeartbeatRequestData request) {
        return new ConsumerGroupHeartbeatResponseData()
                .setMemberId(request.memberId())
                .setMemberEpoch(request.memberEpoch());
    }

    static ConsumerGroupHeartbeatResponseData heard(
            ConsumerMember member, int heartbeatIntervalMs, boolean isAssignmentTold) {
        ConsumerGroupHeartbeatResponseData answer = new ConsumerGroupHeartbeatResponseData()
                .setMemberId(member.id())
                .setMemberEpoch(member.epoch())
                .setHeartbeatIntervalMs(heartbeatIntervalMs);
        return isAssignmentTold
                ? answer.setAssignment(assignment(member.assigned().partitions()))
                : answer;
    }

    private static ConsumerGroupHeartbeatResponseData.Assignment assignment(PartitionSet partitions) {
        List<ConsumerGroupHeartbeatResponseData.TopicPartitions> topics = new ArrayList<>();
        for (var topicId : partitions.topicIds()) {
            topics.add(new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                    .setTopicId(topicId)
                    .setPartitions(partitions.partitionList(topicId)));
        }
        return new ConsumerGroupHeartbeatResponseData.Assignment().setTopicPartitions(topics);
    }

    // ---- described

    static DescribedGroup described(ConsumerGroup group, ConsumerGroupSettings settings, TopicCatalog topics) {
        DescribedGroup answer = new DescribedGroup()
                .setGroupId(group.groupId())
                .setGroupState(group.stateName())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targets().epoch())
                .setAssignorName(ConsumerAssignment.nameOf(group, settings));
        for (ConsumerMember member : group.roster().members()) {
            answer.members().add(described(member, group.targets().of(member.id()), topics));
        }
        return answer;
    }

    private static ConsumerGroupDescribeResponseData.Member described(
            ConsumerMember member, PartitionSet target, TopicCatalog topics) {
        String regex = member.regex();
        return new ConsumerGroupDescribeResponseData.Member()
                .setMemberId(member.id())
                .setMemberEpoch(member.epoch())
                .setInstanceId(member.instanceId())
                .setRackId(member.profile().rackId())
                .setClientId(member.profile().clientId())
                .setClientHost(member.profile().clientHost())
                .setSubscribedTopicNames(member.profile().subscribedTopicNames())
                .setSubscribedTopicRegex(regex == null ? "" : regex)
                .setAssignment(described(member.held(), topics))
                .setTargetAssignment(described(target, topics))
                .setMemberType(member.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    /** Topics that are gone have no name, so they are left out. */
    private static ConsumerGroupDescribeResponseData.Assignment described(
            PartitionSet partitions, TopicCatalog topics) {
        List<ConsumerGroupDescribeResponseData.TopicPartitions> described = new ArrayList<>();
        for (var topicId : partitions.topicIds()) {
            KnownTopic topic = topics.topic(topicId);
            if (topic != null) {
                described.add(new ConsumerGroupDescribeResponseData.TopicPartitions()
                        .setTopicId(topicId)
                        .setTopicName(topic.name())
                        .setPartitions(partitions.partitionList(topicId)));
            }
        }
        return new ConsumerGroupDescribeResponseData.Assignment().setTopicPartitions(described);
    }

    /** A group that is not there, or of another kind. */
    static DescribedGroup notFound(String groupId, @Nullable Group other) {
        return new DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                .setErrorMessage(
                        other == null
                                ? "Group " + groupId + " not found."
                                : "Group " + groupId + " is not a consumer group.");
    }
}
