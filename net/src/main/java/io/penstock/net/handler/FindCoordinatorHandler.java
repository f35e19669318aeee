package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ConnectionInfo;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers FindCoordinator: the broker of each group or transactional id, at the address at which this client reaches it. Share groups
 * are not served, as ApiVersions says. Stateless.
 */
final class FindCoordinatorHandler implements ApiHandler {
    private static final String NO_TEXT = "";
    private static final short FIRST_BATCHED_VERSION = 4;
    private static final int NO_NODE = -1;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    private final BrokerKernel kernel;

    FindCoordinatorHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        FindCoordinatorRequestData data = request.data(FindCoordinatorRequestData.class);
        boolean isBatched = request.version() >= FIRST_BATCHED_VERSION;
        List<String> keys = isBatched ? data.coordinatorKeys() : List.of(data.key());
        List<Future<Coordinator>> found = keys.stream()
                .map(key -> find(data.keyType(), key, request.connection()))
                .toList();
        Delegated.answer(
                Future.join(found).map(all -> isBatched ? batched(all.list()) : single(all.resultAt(0))), responder);
    }

    private Future<Coordinator> find(byte keyType, String key, ConnectionInfo connection) {
        return switch (keyType) {
            case GROUP -> kernel.groups().coordinatorOf(key).map(nodeId -> named(key, nodeId, connection));
            case TRANSACTION -> kernel.transactions().coordinatorOf(key).map(nodeId -> named(key, nodeId, connection));
            default -> Future.succeededFuture(refused(key, Errors.INVALID_REQUEST));
        };
    }

    private Coordinator named(String key, int nodeId, ConnectionInfo connection) {
        ClusterView cluster = new ClusterView(kernel.nodeId(), kernel.metadata(), connection);
        BrokerAddress broker = cluster.isAlive(nodeId) ? cluster.broker(nodeId) : null;
        return broker == null
                ? refused(key, Errors.COORDINATOR_NOT_AVAILABLE)
                : new Coordinator()
                        .setKey(key)
                        .setNodeId(broker.nodeId())
                        .setHost(broker.host())
                        .setPort(broker.port())
                        .setErrorMessage(Errors.NONE.message());
    }

    private static Coordinator refused(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setErrorMessage(error.message())
                .setNodeId(NO_NODE)
                .setPort(NO_NODE);
    }

    /** The batched form has no texts, in Kafka neither. */
    private static FindCoordinatorResponseData batched(List<Coordinator> found) {
        found.forEach(coordinator -> coordinator.setErrorMessage(NO_TEXT));
        return new FindCoordinatorResponseData().setCoordinators(found);
    }

    private static FindCoordinatorResponseData single(Coordinator found) {
        return new FindCoordinatorResponseData()
                .setErrorCode(found.errorCode())
                .setErrorMessage(found.errorMessage())
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port());
    }
}
