package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBrokerCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DescribeCluster: id, brokers, controller. Stateless. */
final class DescribeClusterHandler implements ApiHandler {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final BrokerKernel kernel;

    DescribeClusterHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        byte endpointType = request.data(DescribeClusterRequestData.class).endpointType();
        responder.send(
                switch (endpointType) {
                    case BROKERS -> describe(request);
                    case CONTROLLERS ->
                        refuse(
                                Errors.MISMATCHED_ENDPOINT_TYPE,
                                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER");
                    default -> refuse(Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + endpointType);
                });
    }

    private static DescribeClusterResponseData refuse(Errors error, String message) {
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }

    private DescribeClusterResponseData describe(KafkaRequest request) {
        DescribeClusterRequestData data = request.data(DescribeClusterRequestData.class);
        MetadataImage image = kernel.metadata();
        ClusterView cluster = new ClusterView(kernel.nodeId(), image, request.connection());
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setClusterId(image.clusterId())
                .setControllerId(cluster.controllerId())
                .setBrokers(brokers(cluster, data.includeFencedBrokers()));
        return data.includeClusterAuthorizedOperations()
                ? response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER)
                : response;
    }

    private static DescribeClusterBrokerCollection brokers(ClusterView cluster, boolean includeFenced) {
        DescribeClusterBrokerCollection brokers = new DescribeClusterBrokerCollection();
        for (BrokerAddress broker : includeFenced ? cluster.allBrokers() : cluster.aliveBrokers()) {
            brokers.add(new DescribeClusterBroker()
                    .setBrokerId(broker.nodeId())
                    .setHost(broker.host())
                    .setPort(broker.port())
                    .setRack(broker.rack())
                    .setIsFenced(broker.fenced()));
        }
        return brokers;
    }
}
