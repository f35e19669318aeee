package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.ClientQuotaDescription;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers DescribeClientQuotas from the newest metadata. Stateless. */
final class DescribeClientQuotasHandler implements ApiHandler {
    private final BrokerKernel kernel;

    DescribeClientQuotasHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        responder.send(ClientQuotaDescription.describe(
                kernel.metadata().clientQuotas(), request.data(DescribeClientQuotasRequestData.class)));
    }
}
