package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers AlterClientQuotas. Stateless. */
final class AlterClientQuotasHandler implements ApiHandler {
    private final ClusterAdmin admin;

    AlterClientQuotasHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_CLIENT_QUOTAS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.alterClientQuotas(request.data(AlterClientQuotasRequestData.class)), responder);
    }
}
