package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers CreateTopics. Results that old versions have no field for are left out by the codec. Stateless. */
final class CreateTopicsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    CreateTopicsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.createTopics(request.data(CreateTopicsRequestData.class)), responder);
    }
}
