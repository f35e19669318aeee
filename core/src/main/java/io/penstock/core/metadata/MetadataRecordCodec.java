package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.core.metadata.MetadataRecord.Kind;
import io.penstock.core.metadata.MetadataRecord.LeaderEpochsRaised;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.SnapshotBegun;
import io.penstock.core.metadata.MetadataRecord.SnapshotEnded;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.metadata.MetadataRecord.TopicLogsDeleted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One metadata record as bytes: the kind's id and the version as numbers, then the fields in the order of the record's
 * declaration. Checksums are those of the batch around it. Stateless.
 *
 * <p>A new field means a new version of that kind, read beside the old one. What this release does not know it refuses with
 * {@link FutureMetadataException}.
 */
final class MetadataRecordCodec {
    /** The only version of any kind so far. */
    private static final int VERSION = 1;

    private MetadataRecordCodec() {}

    static ByteBuffer encode(MetadataRecord record) {
        FieldWriter out = new FieldWriter();
        out.number(record.kind().id()).number(VERSION);
        switch (record.kind()) {
            case CLUSTER_NAMED -> out.text(((ClusterNamed) record).clusterId());
            case FEATURE_LEVEL_SET -> write(out, (FeatureLevelSet) record);
            case BROKER_REGISTERED -> write(out, (BrokerRegistered) record);
            case TOPIC_CREATED -> write(out, (TopicCreated) record);
            case TOPIC_DELETED -> out.uuid(((TopicDeleted) record).id());
            case TOPIC_LOGS_DELETED -> out.uuid(((TopicLogsDeleted) record).id());
            case PARTITIONS_ADDED -> write(out, (PartitionsAdded) record);
            case PARTITION_CHANGED -> write(out, (PartitionChanged) record);
            case LEADER_EPOCHS_RAISED -> out.number(((LeaderEpochsRaised) record).nodeId());
            case CONFIG_CHANGED -> write(out, (ConfigChanged) record);
            case PRODUCER_ID_BLOCK_ALLOCATED -> write(out, (ProducerIdBlockAllocated) record);
            case CLIENT_QUOTA_CHANGED -> write(out, (ClientQuotaChanged) record);
            case SNAPSHOT_BEGUN -> {}
            case SNAPSHOT_ENDED -> out.number(((SnapshotEnded) record).recordCount());
        }
        return out.toBuffer();
    }

    /**
     * Reads one record.
     *
     * @param bytes position to limit is exactly one record; the position moves
     * @throws CorruptMetadataException these bytes were never written by {@link #encode}
     * @throws FutureMetadataException a newer release wrote them
     */
    static MetadataRecord decode(ByteBuffer bytes) {
        FieldReader in = new FieldReader(bytes);
        int kindId = in.integer();
        int version = in.integer();
        Kind kind = Kind.ofId(kindId);
        if (kind == null || version != VERSION) {
            throw new FutureMetadataException("metadata record of kind " + (kind == null ? kindId : kind)
                    + " in version " + version + ", which this release does not know: a newer one wrote it");
        }
        MetadataRecord record = switch (kind) {
            case CLUSTER_NAMED -> new ClusterNamed(in.text());
            case FEATURE_LEVEL_SET -> new FeatureLevelSet(in.text(), in.shortInteger());
            case BROKER_REGISTERED -> readBrokerRegistered(in);
            case TOPIC_CREATED -> new TopicCreated(in.text(), in.uuid());
            case TOPIC_DELETED -> new TopicDeleted(in.uuid());
            case TOPIC_LOGS_DELETED -> new TopicLogsDeleted(in.uuid());
            case PARTITIONS_ADDED -> readPartitionsAdded(in);
            case PARTITION_CHANGED -> readPartitionChanged(in);
            case LEADER_EPOCHS_RAISED -> new LeaderEpochsRaised(in.integer());
            case CONFIG_CHANGED -> readConfigChanged(in);
            case PRODUCER_ID_BLOCK_ALLOCATED -> new ProducerIdBlockAllocated(in.integer(), in.number());
            case CLIENT_QUOTA_CHANGED -> readClientQuotaChanged(in);
            case SNAPSHOT_BEGUN -> new SnapshotBegun();
            case SNAPSHOT_ENDED -> new SnapshotEnded(in.integer());
        };
        in.expectEnd();
        return record;
    }

    private static void write(FieldWriter out, FeatureLevelSet record) {
        out.text(record.feature()).number(record.level());
    }

    private static void write(FieldWriter out, BrokerRegistered record) {
        out.number(record.nodeId())
                .number(record.epoch())
                .flag(record.fenced())
                .nullableText(record.rack())
                .number(record.advertised().size());
        record.advertised()
                .forEach((listener, address) ->
                        out.text(listener).text(address.host()).number(address.port()));
    }

    private static BrokerRegistered readBrokerRegistered(FieldReader in) {
        int nodeId = in.integer();
        long epoch = in.number();
        boolean fenced = in.flag();
        String rack = in.nullableText();
        int listenerCount = in.count(3);
        Map<String, BrokerImage.HostPort> advertised = new HashMap<>();
        for (int i = 0; i < listenerCount; i++) {
            advertised.put(in.text(), new BrokerImage.HostPort(in.text(), in.integer()));
        }
        return new BrokerRegistered(nodeId, epoch, fenced, rack, advertised);
    }

    private static void write(FieldWriter out, TopicCreated record) {
        out.text(record.name()).uuid(record.id());
    }

    private static void write(FieldWriter out, PartitionsAdded record) {
        out.uuid(record.topicId())
                .number(record.firstIndex())
                .number(record.placements().size());
        for (Placement placement : record.placements()) {
            out.numbers(placement.replicas()).numbers(placement.isr());
        }
    }

    /** Most partitions of a topic have the same few placements: equal neighbours become one object. */
    private static PartitionsAdded readPartitionsAdded(FieldReader in) {
        var topicId = in.uuid();
        int firstIndex = in.integer();
        int count = in.count(4);
        List<Placement> placements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            List<Integer> replicas = in.numbers();
            List<Integer> isr = in.numbers();
            if (replicas.isEmpty() || isr.isEmpty()) {
                throw new CorruptMetadataException("partition " + (firstIndex + i) + " of " + topicId + " has replicas "
                        + replicas + " and ISR " + isr);
            }
            Placement placement = new Placement(replicas, isr);
            placements.add(i > 0 && placement.equals(placements.get(i - 1)) ? placements.get(i - 1) : placement);
        }
        return new PartitionsAdded(topicId, firstIndex, placements);
    }

    private static void write(FieldWriter out, PartitionChanged record) {
        out.uuid(record.topicId())
                .number(record.index())
                .number(record.leader())
                .number(record.leaderEpoch())
                .number(record.partitionEpoch())
                .numbers(record.replicas())
                .numbers(record.isr());
    }

    private static PartitionChanged readPartitionChanged(FieldReader in) {
        return new PartitionChanged(
                in.uuid(), in.integer(), in.integer(), in.integer(), in.integer(), in.numbers(), in.numbers());
    }

    private static void write(FieldWriter out, ConfigChanged record) {
        out.number(record.scope().id()).text(record.name()).text(record.key()).nullableText(record.value());
    }

    private static ConfigChanged readConfigChanged(FieldReader in) {
        int scopeId = in.integer();
        ConfigScope scope = ConfigScope.ofId(scopeId);
        if (scope == null) {
            throw new FutureMetadataException(
                    "configuration of resource type " + scopeId + ", which this release does not know");
        }
        return new ConfigChanged(scope, in.text(), in.text(), in.nullableText());
    }

    /** The value as the bits of a double. */
    private static void write(FieldWriter out, ClientQuotaChanged record) {
        QuotaEntity entity = record.entity();
        out.nullableText(entity.user()).nullableText(entity.clientId()).nullableText(entity.ip());
        Double value = record.value();
        out.text(record.key()).flag(value != null);
        if (value != null) {
            out.number(Double.doubleToLongBits(value));
        }
    }

    private static ClientQuotaChanged readClientQuotaChanged(FieldReader in) {
        String user = in.nullableText();
        String clientId = in.nullableText();
        String ip = in.nullableText();
        if ((user != null || clientId != null) == (ip != null)) {
            throw new CorruptMetadataException(
                    "a quota is for user " + user + ", client id " + clientId + " and address " + ip);
        }
        String key = in.text();
        Double value = in.flag() ? Double.longBitsToDouble(in.number()) : null;
        return new ClientQuotaChanged(new QuotaEntity(user, clientId, ip), key, value);
    }

    private static void write(FieldWriter out, ProducerIdBlockAllocated record) {
        out.number(record.nodeId()).number(record.endId());
    }
}
