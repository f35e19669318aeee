package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.SnapshotBegun;
import io.penstock.core.metadata.MetadataRecord.SnapshotEnded;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The shortest list of records that replays into a given image: what a snapshot holds. Stateless. */
public final class ImageRecords {
    private ImageRecords() {}

    /** The image's records between the two marks of a snapshot. */
    public static List<MetadataRecord> snapshot(MetadataImage image) {
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new SnapshotBegun());
        addAll(image, records);
        records.add(new SnapshotEnded(records.size() - 1));
        return records;
    }

    private static void addAll(MetadataImage image, List<MetadataRecord> records) {
        records.add(new ClusterNamed(image.clusterId()));
        image.features().forEach((feature, level) -> records.add(new FeatureLevelSet(feature, level)));
        for (BrokerImage broker : image.brokers()) {
            records.add(new BrokerRegistered(
                    broker.nodeId(), broker.epoch(), broker.fenced(), broker.rack(), broker.advertised()));
        }
        image.configs.forEach((resource, entries) -> entries.forEach(
                (key, value) -> records.add(new ConfigChanged(resource.scope(), resource.name(), key, value))));
        image.clientQuotas.forEach((entity, values) ->
                values.forEach((key, value) -> records.add(new ClientQuotaChanged(entity, key, value))));
        if (image.nextProducerId() > 0) {
            records.add(new ProducerIdBlockAllocated(image.controllerId(), image.nextProducerId()));
        }
        image.deletedTopics().forEach(topic -> add(topic, image.controllerId(), records));
        image.topics().forEach(topic -> add(topic, records));
    }

    /** Says that it was there and that it went: one kind of record less to have for ever. */
    private static void add(DeletedTopic topic, int anyNodeId, List<MetadataRecord> records) {
        Placement anywhere = new Placement(List.of(anyNodeId), List.of(anyNodeId));
        records.add(new TopicCreated(topic.name(), topic.id()));
        records.add(new PartitionsAdded(topic.id(), 0, Collections.nCopies(topic.partitionCount(), anywhere)));
        records.add(new TopicDeleted(topic.id()));
    }

    private static void add(TopicImage topic, List<MetadataRecord> records) {
        records.add(new TopicCreated(topic.name(), topic.id()));
        topic.configs()
                .forEach((key, value) -> records.add(new ConfigChanged(ConfigScope.TOPIC, topic.name(), key, value)));
        List<Placement> placements = new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            placements.add(birth(partition));
        }
        records.add(new PartitionsAdded(topic.id(), 0, placements));
        for (PartitionImage partition : topic.partitions()) {
            if (!isAsBorn(partition)) {
                records.add(new PartitionChanged(
                        topic.id(),
                        partition.id().index(),
                        partition.leader(),
                        partition.leaderEpoch(),
                        partition.partitionEpoch(),
                        partition.replicas(),
                        partition.isr()));
            }
        }
    }

    /** An empty ISR cannot be born; the change that follows says it. */
    private static Placement birth(PartitionImage partition) {
        List<Integer> isr = partition.isr().isEmpty() ? partition.replicas() : partition.isr();
        return new Placement(partition.replicas(), isr);
    }

    private static boolean isAsBorn(PartitionImage partition) {
        return partition.partitionEpoch() == 0
                && partition.leaderEpoch() == 0
                && !partition.isr().isEmpty()
                && partition.leader() == partition.isr().get(0);
    }
}
