package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers ListGroups. States and types, which old versions have no field for, are left out by the codec. Stateless. */
final class ListGroupsHandler implements ApiHandler {
    private final GroupCoordinator groups;

    ListGroupsHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(groups.listGroups(request.data(ListGroupsRequestData.class)), responder);
    }
}
