package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.CoordinatorSettings;
import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.LeaderEpochsRaised;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.TopicLogsDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Every decision about cluster metadata: what is known and what is asked go in, records and an answer come out. Pure, holds no
 * state; whoever owns the metadata log writes the records, replays them and only then gives the answer.
 *
 * <p>In every method {@code config} is this broker's configuration as of {@code image}.
 */
public final class MetadataController {
    /** Producer ids that a broker gets at once: after a crash at most so many are skipped. */
    public static final int PRODUCER_ID_BLOCK = 1_000;

    private final Supplier<Uuid> ids;

    /**
     * @param ids gives an id that no topic ever had
     */
    public MetadataController(Supplier<Uuid> ids) {
        this.ids = ids;
    }

    /**
     * Notes that a broker is up, and in a new cluster the cluster's name.
     *
     * @param mayHaveLostRecords whether its last run did not end in order
     * @return the answer is whether the cluster is new
     */
    public Decision<Boolean> registerBroker(
            MetadataImage image, BrokerRegistered registration, String clusterId, boolean mayHaveLostRecords) {
        List<MetadataRecord> records = new ArrayList<>();
        boolean isNew = image.clusterId().isEmpty();
        if (isNew) {
            records.add(new ClusterNamed(clusterId));
        }
        if (!isRegistered(image, registration)) {
            records.add(registration);
        }
        if (mayHaveLostRecords && !image.topics().isEmpty()) {
            records.add(new LeaderEpochsRaised(registration.nodeId()));
        }
        return new Decision<>(records, isNew);
    }

    /** Nothing is written for a broker that comes back as it was: so it can start though its disk is full. */
    private static boolean isRegistered(MetadataImage image, BrokerRegistered registration) {
        BrokerImage known = image.broker(registration.nodeId());
        return known != null
                && known.fenced() == registration.fenced()
                && Objects.equals(known.rack(), registration.rack())
                && known.advertised().equals(registration.advertised());
    }

    public Decision<CreateTopicsResponseData> createTopics(
            MetadataImage image, BrokerConfig config, CreateTopicsRequestData request, MutationQuota quota) {
        return new TopicCreation(image, config, ids, quota).decide(request);
    }

    /**
     * Creates a topic because somebody used its name. Whether that is allowed is the asker's question; a topic that is there by
     * now is a success.
     */
    public Decision<CreatableTopicResult> autoCreateTopic(MetadataImage image, BrokerConfig config, String name) {
        TopicImage existing = image.topic(name);
        if (existing != null) {
            return Decision.unchanged(describe(existing));
        }
        CreatableTopicCollection one = new CreatableTopicCollection();
        one.add(withDefaults(name, config));
        Decision<CreateTopicsResponseData> decision =
                createTopics(image, config, new CreateTopicsRequestData().setTopics(one), MutationQuota.UNLIMITED);
        return new Decision<>(
                decision.records(), decision.answer().topics().iterator().next());
    }

    public Decision<DeleteTopicsResponseData> deleteTopics(
            MetadataImage image, BrokerConfig config, DeleteTopicsRequestData request, MutationQuota quota) {
        return new TopicDeletion(image, quota).decide(request, config);
    }

    public Decision<CreatePartitionsResponseData> createPartitions(
            MetadataImage image, CreatePartitionsRequestData request, MutationQuota quota) {
        return new PartitionCreation(image, quota).decide(request);
    }

    public Decision<AlterConfigsResponseData> alterConfigs(
            MetadataImage image, BrokerConfig config, AlterConfigsRequestData request) {
        return new ConfigAlteration(image, config).replace(request);
    }

    public Decision<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            MetadataImage image, BrokerConfig config, IncrementalAlterConfigsRequestData request) {
        return new ConfigAlteration(image, config).alter(request);
    }

    /**
     * Sets and takes away client quotas.
     *
     * @param isHost whether a name is an address or can be resolved to one
     */
    public Decision<AlterClientQuotasResponseData> alterClientQuotas(
            MetadataImage image, AlterClientQuotasRequestData request, Predicate<String> isHost) {
        return new ClientQuotaAlteration(image.clientQuotas(), isHost).decide(request);
    }

    public Decision<ElectLeadersResponseData> electLeaders(MetadataImage image, ElectLeadersRequestData request) {
        return new LeaderElection(image).decide(request);
    }

    public Decision<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            MetadataImage image, AlterPartitionReassignmentsRequestData request) {
        return new PartitionReassignment(image).decide(request);
    }

    public Decision<UpdateFeaturesResponseData> updateFeatures(
            MetadataImage image, int nodeId, UpdateFeaturesRequestData request) {
        return new FeatureUpdate(image, nodeId).decide(request);
    }

    /**
     * Gives a block of producer ids to a broker.
     *
     * @return the first id of the block; it has {@link #PRODUCER_ID_BLOCK} ids
     */
    public Decision<Long> allocateProducerIds(MetadataImage image, int nodeId) {
        long firstId = image.nextProducerId();
        return new Decision<>(List.of(new ProducerIdBlockAllocated(nodeId, firstId + PRODUCER_ID_BLOCK)), firstId);
    }

    /** Forgets deleted topics of which no file is left. Those that are forgotten already are passed over. */
    public Decision<Integer> forgetTopics(MetadataImage image, List<Uuid> topicIds) {
        List<MetadataRecord> records = topicIds.stream()
                .filter(id -> image.deletedTopics.get(id) != null)
                .<MetadataRecord>map(TopicLogsDeleted::new)
                .toList();
        return new Decision<>(records, records.size());
    }

    private static CreatableTopicResult describe(TopicImage topic) {
        return new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setErrorCode(Errors.NONE.code())
                .setErrorMessage(null)
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor(
                        (short) topic.partitions().get(0).replicas().size());
    }

    private static CreatableTopic withDefaults(String name, BrokerConfig config) {
        return switch (name) {
            case Topic.GROUP_METADATA_TOPIC_NAME ->
                topic(
                        name,
                        config.get(CoordinatorSettings.OFFSETS_TOPIC_PARTITIONS),
                        config.get(CoordinatorSettings.OFFSETS_TOPIC_REPLICATION_FACTOR),
                        Map.of(
                                "cleanup.policy", "compact",
                                "compression.type", "producer",
                                "segment.bytes", text(config.get(CoordinatorSettings.OFFSETS_TOPIC_SEGMENT_BYTES))));
            case Topic.TRANSACTION_STATE_TOPIC_NAME ->
                topic(
                        name,
                        config.get(CoordinatorSettings.TRANSACTION_TOPIC_PARTITIONS),
                        config.get(CoordinatorSettings.TRANSACTION_TOPIC_REPLICATION_FACTOR),
                        Map.of(
                                "cleanup.policy", "compact",
                                "compression.type", "uncompressed",
                                "unclean.leader.election.enable", "false",
                                "min.insync.replicas", text(config.get(CoordinatorSettings.TRANSACTION_TOPIC_MIN_ISR)),
                                "segment.bytes",
                                        text(config.get(CoordinatorSettings.TRANSACTION_TOPIC_SEGMENT_BYTES))));
            default -> topic(name, -1, -1, Map.of());
        };
    }

    private static String text(int value) {
        return Integer.toString(value);
    }

    private static CreatableTopic topic(String name, int partitions, int replicas, Map<String, String> configs) {
        CreatableTopicConfigCollection entries = new CreatableTopicConfigCollection();
        configs.forEach((key, value) ->
                entries.add(new CreatableTopicConfig().setName(key).setValue(value)));
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas)
                .setConfigs(entries);
    }
}
