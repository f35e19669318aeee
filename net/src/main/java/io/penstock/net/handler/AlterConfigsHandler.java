package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers AlterConfigs, which replaces all dynamic configuration of a resource. Stateless. */
final class AlterConfigsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    AlterConfigsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.alterConfigs(request.data(AlterConfigsRequestData.class)), responder);
    }
}
