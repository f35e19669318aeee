package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers Heartbeat. Stateless. */
final class HeartbeatHandler implements ApiHandler {
    private final GroupCoordinator groups;

    HeartbeatHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(groups.heartbeat(request.data(HeartbeatRequestData.class)), responder);
    }
}
