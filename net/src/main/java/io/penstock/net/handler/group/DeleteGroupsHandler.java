package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers DeleteGroups; a group that is named twice is deleted once. Stateless. */
final class DeleteGroupsHandler implements ApiHandler {
    private final GroupCoordinator groups;

    DeleteGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        List<String> groupIds = request.data(DeleteGroupsRequestData.class).groupsNames().stream()
                .distinct()
                .toList();
        Delegated.answer(groups.deleteGroups(groupIds).map(DeleteGroupsHandler::answer), responder);
    }

    private static DeleteGroupsResponseData answer(List<DeletableGroupResult> results) {
        DeleteGroupsResponseData answer = new DeleteGroupsResponseData();
        results.forEach(result -> answer.results().mustAdd(result));
        return answer;
    }
}
