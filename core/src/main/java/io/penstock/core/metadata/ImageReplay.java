package io.penstock.core.metadata;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.metadata.MetadataImage.ConfigResource;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.core.metadata.MetadataRecord.LeaderEpochsRaised;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.metadata.MetadataRecord.TopicLogsDeleted;
import io.penstock.core.partition.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Turns metadata records into the next {@link MetadataImage}: the only writer of metadata. Records that contradict what is
 * known are refused with {@link CorruptMetadataException}: a broker that guessed would sooner or later lose a topic. Owned by one
 * thread; takes time per record, not per image.
 */
public final class ImageReplay {
    private String clusterId;
    private long offset;
    private List<BrokerImage> brokers;
    private Map<String, Short> features;
    private PersistentMap<String, TopicImage> topicsByName;
    private PersistentMap<Uuid, TopicImage> topicsById;
    private PersistentMap<String, String> namesWithCollisionChars;
    private PersistentMap<Uuid, DeletedTopic> deletedTopics;
    private PersistentMap<ConfigResource, Map<String, String>> configs;
    private ClientQuotas clientQuotas;
    private long nextProducerId;

    /** Starts from {@code base}, which stays as it is. */
    public ImageReplay(MetadataImage base) {
        clusterId = base.clusterId;
        offset = base.offset;
        brokers = base.brokers;
        features = base.features;
        topicsByName = base.topicsByName;
        topicsById = base.topicsById;
        namesWithCollisionChars = base.namesWithCollisionChars;
        deletedTopics = base.deletedTopics;
        configs = base.configs;
        clientQuotas = base.clientQuotas;
        nextProducerId = base.nextProducerId;
    }

    /** The image of everything replayed so far. */
    public MetadataImage image() {
        return new MetadataImage(
                clusterId,
                offset,
                brokers,
                features,
                topicsByName,
                topicsById,
                namesWithCollisionChars,
                deletedTopics,
                configs,
                clientQuotas,
                nextProducerId);
    }

    /**
     * Applies the record at {@code recordOffset} of the metadata log.
     *
     * @param recordOffset not below the offset reached so far
     * @throws CorruptMetadataException the record contradicts the earlier ones
     */
    public void replay(long recordOffset, MetadataRecord record) {
        if (recordOffset < offset) {
            throw contradiction(record, "at offset " + recordOffset + ", after offset " + offset);
        }
        switch (record.kind()) {
            case CLUSTER_NAMED -> clusterId = ((ClusterNamed) record).clusterId();
            case FEATURE_LEVEL_SET -> replay((FeatureLevelSet) record);
            case BROKER_REGISTERED -> replay((BrokerRegistered) record);
            case TOPIC_CREATED -> replay((TopicCreated) record);
            case TOPIC_DELETED -> replay((TopicDeleted) record);
            case TOPIC_LOGS_DELETED -> deletedTopics = deletedTopics.minus(((TopicLogsDeleted) record).id());
            case PARTITIONS_ADDED -> replay((PartitionsAdded) record);
            case PARTITION_CHANGED -> replay((PartitionChanged) record);
            case LEADER_EPOCHS_RAISED -> replay((LeaderEpochsRaised) record);
            case CONFIG_CHANGED -> replay((ConfigChanged) record);
            case PRODUCER_ID_BLOCK_ALLOCATED -> replay((ProducerIdBlockAllocated) record);
            case CLIENT_QUOTA_CHANGED -> clientQuotas = clientQuotas.with((ClientQuotaChanged) record);
            case SNAPSHOT_BEGUN, SNAPSHOT_ENDED -> {}
        }
        offset = recordOffset + 1;
    }

    private void replay(FeatureLevelSet record) {
        Map<String, Short> changed = new HashMap<>(features);
        changed.put(record.feature(), record.level());
        features = changed;
    }

    private void replay(BrokerRegistered record) {
        List<BrokerImage> changed = new ArrayList<>(brokers);
        changed.removeIf(broker -> broker.nodeId() == record.nodeId());
        changed.add(
                new BrokerImage(record.nodeId(), record.epoch(), record.fenced(), record.rack(), record.advertised()));
        changed.sort(MetadataImage.BY_NODE_ID);
        brokers = changed;
    }

    private void replay(TopicCreated record) {
        boolean isUsedId = topicsById.get(record.id()) != null || deletedTopics.get(record.id()) != null;
        if (topicsByName.get(record.name()) != null || isUsedId) {
            throw contradiction(record, "which exists");
        }
        put(new TopicImage(record.name(), record.id(), List.of(), Map.of()));
        if (Topic.hasCollisionChars(record.name())) {
            namesWithCollisionChars =
                    namesWithCollisionChars.plus(Topic.unifyCollisionChars(record.name()), record.name());
        }
    }

    private void replay(TopicDeleted record) {
        TopicImage topic = known(topicsById.get(record.id()), record);
        topicsByName = topicsByName.minus(topic.name());
        topicsById = topicsById.minus(topic.id());
        namesWithCollisionChars = namesWithCollisionChars.minus(Topic.unifyCollisionChars(topic.name()));
        int partitionCount = topic.partitions().size();
        deletedTopics = deletedTopics.plus(topic.id(), new DeletedTopic(topic.id(), topic.name(), partitionCount));
    }

    private void replay(PartitionsAdded record) {
        TopicImage topic = known(topicsById.get(record.topicId()), record);
        int index = topic.partitions().size();
        if (index != record.firstIndex()) {
            throw contradiction(record, "to a topic of " + index + " partitions");
        }
        List<PartitionImage> partitions =
                new ArrayList<>(index + record.placements().size());
        partitions.addAll(topic.partitions());
        for (Placement placement : record.placements()) {
            PartitionId id = new PartitionId(topic.id(), index++);
            partitions.add(new PartitionImage(id, placement.isr().get(0), 0, 0, placement.replicas(), placement.isr()));
        }
        put(new TopicImage(topic.name(), topic.id(), partitions, topic.configs()));
    }

    private void replay(PartitionChanged record) {
        TopicImage topic = known(topicsById.get(record.topicId()), record);
        int count = topic.partitions().size();
        if (record.index() < 0 || record.index() >= count) {
            throw contradiction(record, "to a topic of " + count + " partitions");
        }
        List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
        partitions.set(
                record.index(),
                new PartitionImage(
                        new PartitionId(topic.id(), record.index()),
                        record.leader(),
                        record.leaderEpoch(),
                        record.partitionEpoch(),
                        record.replicas(),
                        record.isr()));
        put(new TopicImage(topic.name(), topic.id(), partitions, topic.configs()));
    }

    private void replay(LeaderEpochsRaised record) {
        for (TopicImage topic : topicsById.values()) { // the map we began with, whatever put() makes of it
            List<PartitionImage> raised = new ArrayList<>(topic.partitions().size());
            for (PartitionImage partition : topic.partitions()) {
                raised.add(partition.leader() == record.nodeId() ? raised(partition) : partition);
            }
            put(new TopicImage(topic.name(), topic.id(), raised, topic.configs()));
        }
    }

    private static PartitionImage raised(PartitionImage partition) {
        return new PartitionImage(
                partition.id(),
                partition.leader(),
                partition.leaderEpoch() + 1,
                partition.partitionEpoch() + 1,
                partition.replicas(),
                partition.isr());
    }

    private void replay(ConfigChanged record) {
        if (record.scope() == ConfigScope.TOPIC) {
            TopicImage topic = known(topicsByName.get(record.name()), record);
            put(new TopicImage(topic.name(), topic.id(), topic.partitions(), changed(topic.configs(), record)));
            return;
        }
        ConfigResource resource = new ConfigResource(record.scope(), record.name());
        Map<String, String> before = configs.get(resource);
        Map<String, String> after = changed(before == null ? Map.of() : before, record);
        configs = after.isEmpty() ? configs.minus(resource) : configs.plus(resource, after);
    }

    private static Map<String, String> changed(Map<String, String> before, ConfigChanged record) {
        Map<String, String> after = new HashMap<>(before);
        String value = record.value();
        if (value == null) {
            after.remove(record.key());
        } else {
            after.put(record.key(), value);
        }
        return Map.copyOf(after);
    }

    private void replay(ProducerIdBlockAllocated record) {
        if (record.endId() < nextProducerId) {
            throw contradiction(record, "below " + nextProducerId + ", which is given away");
        }
        nextProducerId = record.endId();
    }

    private void put(TopicImage topic) {
        topicsByName = topicsByName.plus(topic.name(), topic);
        topicsById = topicsById.plus(topic.id(), topic);
    }

    private static TopicImage known(@Nullable TopicImage topic, MetadataRecord record) {
        if (topic == null) {
            throw contradiction(record, "of no known topic");
        }
        return topic;
    }

    private static CorruptMetadataException contradiction(MetadataRecord record, String finding) {
        return new CorruptMetadataException("metadata contradicts itself: " + record + " " + finding);
    }
}
