package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers CreatePartitions. Stateless. */
final class CreatePartitionsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    CreatePartitionsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.createPartitions(request.data(CreatePartitionsRequestData.class)), responder);
    }
}
