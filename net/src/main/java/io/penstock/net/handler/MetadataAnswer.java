package io.penstock.net.handler;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.server.KafkaRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.protocol.Errors;

/** Collects the answer to one Metadata request out of one metadata image. */
final class MetadataAnswer {
    private final MetadataImage image;
    private final ClusterView cluster;
    private final short version;
    private final MetadataRequestData request;
    private final MetadataResponseTopicCollection topics = new MetadataResponseTopicCollection();

    MetadataAnswer(int nodeId, MetadataImage image, KafkaRequest request) {
        this.image = image;
        this.cluster = new ClusterView(nodeId, image, request.connection());
        this.version = request.version();
        this.request = request.data(MetadataRequestData.class);
    }

    void add(TopicImage topic) {
        addTopic(topic.name(), topic.id(), Errors.NONE, partitions(topic));
    }

    void addById(Uuid id) {
        TopicImage topic = image.topic(id);
        if (topic != null) {
            add(topic);
        } else {
            topics.mustAdd(new MetadataResponseTopic()
                    .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                    .setName(null)
                    .setTopicId(id));
        }
    }

    /**
     * Adds the topic if it exists, else why it does not.
     *
     * @param creation what came of creating it; NONE if nobody tried
     */
    void addByName(String name, Errors creation) {
        TopicImage topic = image.topic(name);
        if (topic != null) {
            add(topic);
        } else {
            addTopic(name, Uuid.ZERO_UUID, whyMissing(name, creation), List.of());
        }
    }

    private static Errors whyMissing(String name, Errors creation) {
        return switch (creation) {
            case NONE -> Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
            // It was there a moment ago, or soon will be: the client asks again.
            case TOPIC_ALREADY_EXISTS, REQUEST_TIMED_OUT -> Errors.LEADER_NOT_AVAILABLE;
            default -> creation;
        };
    }

    private void addTopic(String name, Uuid id, Errors error, List<MetadataResponsePartition> partitions) {
        MetadataResponseTopic topic = new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(Topic.isInternal(name))
                .setPartitions(partitions);
        if (request.includeTopicAuthorizedOperations()) {
            topic.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
        }
        topics.mustAdd(topic);
    }

    private List<MetadataResponsePartition> partitions(TopicImage topic) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (PartitionImage image : topic.partitions()) {
            PartitionView partition = PartitionView.of(image, cluster, version);
            partitions.add(new MetadataResponsePartition()
                    .setErrorCode(partition.error().code())
                    .setPartitionIndex(partition.index())
                    .setLeaderId(partition.leaderId())
                    .setLeaderEpoch(partition.leaderEpoch())
                    .setReplicaNodes(partition.replicas())
                    .setIsrNodes(partition.isr())
                    .setOfflineReplicas(partition.offlineReplicas()));
        }
        return partitions;
    }

    MetadataResponseData toData() {
        MetadataResponseData data = new MetadataResponseData()
                .setBrokers(brokers())
                .setClusterId(image.clusterId())
                .setControllerId(cluster.controllerId())
                .setTopics(topics);
        if (request.includeClusterAuthorizedOperations()) {
            data.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return data;
    }

    private MetadataResponseBrokerCollection brokers() {
        MetadataResponseBrokerCollection brokers = new MetadataResponseBrokerCollection();
        for (BrokerAddress broker : cluster.aliveBrokers()) {
            brokers.add(new MetadataResponseBroker()
                    .setNodeId(broker.nodeId())
                    .setHost(broker.host())
                    .setPort(broker.port())
                    .setRack(broker.rack()));
        }
        return brokers;
    }
}
