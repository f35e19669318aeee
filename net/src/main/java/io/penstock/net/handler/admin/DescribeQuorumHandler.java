package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.net.handler.BrokerAddress;
import io.penstock.net.handler.ClusterView;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answers DescribeQuorum: the broker that keeps the metadata is a quorum of one, which has always seen all of its own log. What it
 * shows ends where the metadata is durable. Stateless.
 */
final class DescribeQuorumHandler implements ApiHandler {
    private static final short FIRST_WITH_TIMES = 1;
    private static final short FIRST_WITH_MESSAGES = 2;
    private static final short FIRST_WITH_NODES = 2;

    private final BrokerKernel kernel;
    private final LongSupplier wallMs;

    DescribeQuorumHandler(BrokerKernel kernel, LongSupplier wallMs) {
        this.kernel = kernel;
        this.wallMs = wallMs;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_QUORUM;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DescribeQuorumRequestData data = request.data(DescribeQuorumRequestData.class);
        MetadataImage image = kernel.metadata();
        DescribeQuorumResponseData response = new DescribeQuorumResponseData();
        for (DescribeQuorumRequestData.TopicData asked : data.topics()) {
            TopicData topic = new TopicData().setTopicName(asked.topicName());
            for (DescribeQuorumRequestData.PartitionData partition : asked.partitions()) {
                boolean isMetadata = asked.topicName().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
                        && partition.partitionIndex() == Topic.CLUSTER_METADATA_TOPIC_PARTITION.partition();
                topic.partitions()
                        .add(
                                isMetadata
                                        ? quorum(image, request.version())
                                        : unknown(partition.partitionIndex(), request.version()));
                if (isMetadata
                        && request.version() >= FIRST_WITH_NODES
                        && response.nodes().isEmpty()) {
                    addLeader(image, request, response);
                }
            }
            response.topics().add(topic);
        }
        responder.send(response);
    }

    private static PartitionData unknown(int index, short version) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                .setErrorMessage(version >= FIRST_WITH_MESSAGES ? Errors.UNKNOWN_TOPIC_OR_PARTITION.message() : "");
    }

    private PartitionData quorum(MetadataImage image, short version) {
        ReplicaState voter =
                new ReplicaState().setReplicaId(image.controllerId()).setLogEndOffset(image.offset());
        if (version >= FIRST_WITH_TIMES) {
            long nowMs = wallMs.getAsLong();
            voter.setLastFetchTimestamp(nowMs).setLastCaughtUpTimestamp(nowMs);
        }
        return new PartitionData()
                .setPartitionIndex(Topic.CLUSTER_METADATA_TOPIC_PARTITION.partition())
                .setLeaderId(image.controllerId())
                .setLeaderEpoch(MetadataLog.LEADER_EPOCH)
                .setHighWatermark(image.offset())
                .setCurrentVoters(List.of(voter));
    }

    /** Controllers have no listeners of their own here: the leader is reached where brokers are. */
    private void addLeader(MetadataImage image, KafkaRequest request, DescribeQuorumResponseData response) {
        @Nullable
        BrokerAddress leader =
                new ClusterView(kernel.nodeId(), image, request.connection()).broker(image.controllerId());
        if (leader != null) {
            Node node = new Node().setNodeId(leader.nodeId());
            node.listeners()
                    .mustAdd(new Listener()
                            .setName(request.connection().listenerName())
                            .setHost(leader.host())
                            .setPort(leader.port()));
            response.nodes().mustAdd(node);
        }
    }
}
