package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.BrokerImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Answers UnregisterBroker with a refusal: the only broker that can be registered is the one that answers. Kafka would let it go, and
 * nothing in the cluster could be changed or found any more. Stateless.
 */
final class UnregisterBrokerHandler implements ApiHandler {
    private final BrokerKernel kernel;

    UnregisterBrokerHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.UNREGISTER_BROKER;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        int nodeId = request.data(UnregisterBrokerRequestData.class).brokerId();
        BrokerImage broker = kernel.metadata().broker(nodeId);
        ApiError error = broker == null
                ? new ApiError(Errors.BROKER_ID_NOT_REGISTERED, "Broker ID " + nodeId + " is not currently registered")
                : new ApiError(
                        Errors.POLICY_VIOLATION, "Broker " + nodeId + " keeps the cluster's metadata and must stay.");
        responder.send(new UnregisterBrokerResponseData()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message()));
    }
}
