package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.AuthorizedOperations;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DescribeGroups. To old clients a group that does not exist is dead, which is no error. Stateless. */
final class DescribeGroupsHandler implements ApiHandler {
    private static final short FIRST_NOT_FOUND = 6;

    private final GroupCoordinator groups;

    DescribeGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DescribeGroupsRequestData data = request.data(DescribeGroupsRequestData.class);
        Delegated.answer(
                groups.describeGroups(data.groups()).map(described -> {
                    described.forEach(group -> inVersion(group, data, request.version()));
                    return new DescribeGroupsResponseData().setGroups(described);
                }),
                responder);
    }

    private static void inVersion(DescribedGroup group, DescribeGroupsRequestData request, short version) {
        if (version < FIRST_NOT_FOUND && group.errorCode() == Errors.GROUP_ID_NOT_FOUND.code()) {
            group.setErrorCode(Errors.NONE.code()).setErrorMessage(null);
        }
        if (request.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
            group.setAuthorizedOperations(AuthorizedOperations.GROUP);
        }
    }
}
