package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.AuthorizedOperations;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers ConsumerGroupDescribe. What a member speaks is told since version 1, which the codec sees to. Stateless. */
final class ConsumerGroupDescribeHandler implements ApiHandler {
    private final ConsumerProtocol protocol;
    private final GroupCoordinator groups;

    ConsumerGroupDescribeHandler(ConsumerProtocol protocol) {
        this.protocol = protocol;
        this.groups = protocol.kernel().groups();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        ConsumerGroupDescribeRequestData data = request.data(ConsumerGroupDescribeRequestData.class);
        if (!protocol.isInForce()) {
            responder.send(notInForce(data.groupIds()));
            return;
        }
        Delegated.answer(
                groups.describeConsumerGroups(data.groupIds())
                        .map(described -> answer(described, data.includeAuthorizedOperations())),
                responder);
    }

    private static ConsumerGroupDescribeResponseData notInForce(List<String> groupIds) {
        return new ConsumerGroupDescribeResponseData()
                .setGroups(groupIds.stream()
                        .map(groupId -> new DescribedGroup()
                                .setGroupId(groupId)
                                .setErrorCode(Errors.UNSUPPORTED_VERSION.code()))
                        .toList());
    }

    private static ConsumerGroupDescribeResponseData answer(List<DescribedGroup> groups, boolean areOperationsAsked) {
        for (DescribedGroup group : groups) {
            if (areOperationsAsked && group.errorCode() == Errors.NONE.code()) {
                group.setAuthorizedOperations(AuthorizedOperations.GROUP);
            }
        }
        return new ConsumerGroupDescribeResponseData().setGroups(groups);
    }
}
