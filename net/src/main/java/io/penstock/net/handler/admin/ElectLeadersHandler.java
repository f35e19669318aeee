package io.penstock.net.handler.admin;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers ElectLeaders, for preferred leaders and for unclean elections. Stateless. */
final class ElectLeadersHandler implements ApiHandler {
    private final ClusterAdmin admin;

    ElectLeadersHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.electLeaders(request.data(ElectLeadersRequestData.class)), responder);
    }
}
