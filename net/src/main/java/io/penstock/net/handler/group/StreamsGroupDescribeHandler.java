package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.AuthorizedOperations;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers StreamsGroupDescribe. Stateless. */
final class StreamsGroupDescribeHandler implements ApiHandler {
    private final StreamsProtocol protocol;
    private final GroupCoordinator groups;

    StreamsGroupDescribeHandler(StreamsProtocol protocol) {
        this.protocol = protocol;
        this.groups = protocol.kernel().groups();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.STREAMS_GROUP_DESCRIBE;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        StreamsGroupDescribeRequestData data = request.data(StreamsGroupDescribeRequestData.class);
        if (!protocol.isInForce()) {
            responder.send(notInForce(data.groupIds()));
            return;
        }
        Delegated.answer(
                groups.describeStreamsGroups(data.groupIds())
                        .map(described -> answer(described, data.includeAuthorizedOperations())),
                responder);
    }

    private static StreamsGroupDescribeResponseData notInForce(List<String> groupIds) {
        return new StreamsGroupDescribeResponseData()
                .setGroups(groupIds.stream()
                        .map(groupId -> new DescribedGroup()
                                .setGroupId(groupId)
                                .setErrorCode(Errors.UNSUPPORTED_VERSION.code()))
                        .toList());
    }

    private static StreamsGroupDescribeResponseData answer(List<DescribedGroup> groups, boolean areOperationsAsked) {
        for (DescribedGroup group : groups) {
            if (areOperationsAsked && group.errorCode() == Errors.NONE.code()) {
                group.setAuthorizedOperations(AuthorizedOperations.GROUP);
            }
        }
        return new StreamsGroupDescribeResponseData().setGroups(groups);
    }
}
