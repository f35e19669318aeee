package io.penstock.net.handler;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers FindCoordinator on a broker that coordinates nothing. Stateless.
 *
 * <p>Groups and share groups get COORDINATOR_NOT_AVAILABLE: consumers that only assign partitions go on and ask again in the
 * background. Transactions get UNSUPPORTED_VERSION with a message: producers take that for fatal and show the message, where a
 * retriable code would let them hang in {@code initTransactions} until they time out.
 */
final class FindCoordinatorHandler implements ApiHandler {
    private static final short FIRST_BATCHED_VERSION = 4;
    private static final short FIRST_SHARE_VERSION = 6;
    private static final int NO_NODE = -1;

    @Override
    public ApiKeys api() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        FindCoordinatorRequestData data = request.data(FindCoordinatorRequestData.class);
        Refusal refusal = refusal(data.keyType(), request.version());
        responder.send(request.version() < FIRST_BATCHED_VERSION ? single(refusal) : batched(data, refusal));
    }

    private record Refusal(Errors error, String message) {}

    private static Refusal refusal(byte keyType, short version) {
        return switch (keyType) {
            case 0 -> new Refusal(Errors.COORDINATOR_NOT_AVAILABLE, "This broker does not coordinate consumer groups");
            case 1 -> new Refusal(Errors.UNSUPPORTED_VERSION, "This broker does not support transactions");
            case 2 ->
                version < FIRST_SHARE_VERSION
                        ? new Refusal(Errors.INVALID_REQUEST, "Share groups need version " + FIRST_SHARE_VERSION)
                        : new Refusal(Errors.COORDINATOR_NOT_AVAILABLE, "This broker does not coordinate share groups");
            default -> new Refusal(Errors.INVALID_REQUEST, "Unknown coordinator key type " + keyType);
        };
    }

    private static FindCoordinatorResponseData single(Refusal refusal) {
        return new FindCoordinatorResponseData()
                .setErrorCode(refusal.error().code())
                .setErrorMessage(refusal.message())
                .setNodeId(NO_NODE)
                .setPort(NO_NODE);
    }

    private static FindCoordinatorResponseData batched(FindCoordinatorRequestData data, Refusal refusal) {
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        for (String key : data.coordinatorKeys()) {
            response.coordinators()
                    .add(new Coordinator()
                            .setKey(key)
                            .setErrorCode(refusal.error().code())
                            .setErrorMessage(refusal.message())
                            .setNodeId(NO_NODE)
                            .setPort(NO_NODE));
        }
        return response;
    }
}
