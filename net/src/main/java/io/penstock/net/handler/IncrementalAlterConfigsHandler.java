package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers IncrementalAlterConfigs. Stateless. */
final class IncrementalAlterConfigsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    IncrementalAlterConfigsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(
                admin.incrementalAlterConfigs(request.data(IncrementalAlterConfigsRequestData.class)), responder);
    }
}
