package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers DescribeConfigs. Types and documentation, which old versions have no field for, are left out by the codec. Stateless. */
final class DescribeConfigsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    DescribeConfigsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        responder.send(admin.describeConfigs(request.data(DescribeConfigsRequestData.class)));
    }
}
