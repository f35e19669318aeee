package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a heartbeat whatever the group's state. Stateless. */
public final class ConsumerRequests {
    static final int UNCHANGED = -1;

    private ConsumerRequests() {}

    /**
     * Why a request is refused at once; null if it is not.
     *
     * @param assignors those that members may ask for
     */
    public static @Nullable Refusal flaw(
            ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller, List<String> assignors) {
        int epoch = request.memberEpoch();
        boolean needsMemberId = caller.makesMemberId() || epoch > 0 || epoch == ConsumerMember.LEAVING_EPOCH;
        if (needsMemberId && isBlank(request.memberId())) {
            return invalid("MemberId can't be empty.");
        } else if (isBlank(request.groupId())) {
            return invalid("GroupId can't be empty.");
        } else if (isBlank(request.instanceId())) {
            return invalid("InstanceId can't be empty.");
        } else if (isBlank(request.rackId())) {
            return invalid("RackId can't be empty.");
        } else if (epoch == ConsumerMember.JOINING_EPOCH) {
            Refusal flaw = flawOfJoin(request);
            return flaw == null ? flawOfAssignor(request, assignors) : flaw;
        } else if (epoch == ConsumerMember.STATIC_LEAVING_EPOCH && request.instanceId() == null) {
            return invalid("InstanceId can't be null.");
        } else if (epoch < ConsumerMember.STATIC_LEAVING_EPOCH) {
            return invalid("MemberEpoch is invalid.");
        }
        return flawOfAssignor(request, assignors);
    }

    private static @Nullable Refusal flawOfJoin(ConsumerGroupHeartbeatRequestData request) {
        if (request.rebalanceTimeoutMs() == UNCHANGED) {
            return invalid("RebalanceTimeoutMs must be provided in first request.");
        } else if (request.topicPartitions() == null
                || !request.topicPartitions().isEmpty()) {
            return invalid("TopicPartitions must be empty when (re-)joining.");
        } else if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            return invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
        }
        return null;
    }

    private static @Nullable Refusal flawOfAssignor(ConsumerGroupHeartbeatRequestData request, List<String> assignors) {
        String assignor = request.serverAssignor();
        return assignor == null || assignors.contains(assignor)
                ? null
                : new Refusal(
                        Errors.UNSUPPORTED_ASSIGNOR,
                        "ServerAssignor " + assignor + " is not supported. Supported assignors: "
                                + String.join(", ", assignors) + ".");
    }

    private static boolean isBlank(@Nullable String text) {
        return text != null && text.trim().isEmpty();
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REQUEST, message);
    }
}
