package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.MutationQuota;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers CreateTopics. Results that old versions have no field for are left out by the codec. Stateless. */
final class CreateTopicsHandler implements ApiHandler {
    /** From here on clients know that a quota can be exceeded. */
    private static final short FIRST_STRICT_VERSION = 6;

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
        MutationQuota quota = request.quota().mutations(request.version() >= FIRST_STRICT_VERSION);
        Delegated.answer(admin.createTopics(request.data(CreateTopicsRequestData.class), quota), responder);
    }
}
