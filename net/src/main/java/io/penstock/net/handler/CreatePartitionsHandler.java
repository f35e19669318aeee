package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.MutationQuota;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers CreatePartitions. Stateless. */
final class CreatePartitionsHandler implements ApiHandler {
    /** From here on clients know that a quota can be exceeded. */
    private static final short FIRST_STRICT_VERSION = 3;

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
        MutationQuota quota = request.quota().mutations(request.version() >= FIRST_STRICT_VERSION);
        Delegated.answer(admin.createPartitions(request.data(CreatePartitionsRequestData.class), quota), responder);
    }
}
