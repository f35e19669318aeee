package io.penstock.core.metadata;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One fact of the metadata log. Facts are replayed in order into a {@link MetadataImage}; how they look as bytes is the business
 * of {@link MetadataRecordCodec}. Immutable.
 */
public sealed interface MetadataRecord {

    /** Tells the records apart without a pattern switch. */
    Kind kind();

    /**
     * The kinds of records. The {@code id} is written to disk: never change or reuse one. Ids 32 to 63 are kept for access
     * control lists, SCRAM credentials and quotas.
     */
    enum Kind {
        CLUSTER_NAMED(1),
        FEATURE_LEVEL_SET(2),
        BROKER_REGISTERED(3),
        TOPIC_CREATED(4),
        TOPIC_DELETED(5),
        PARTITIONS_ADDED(6),
        PARTITION_CHANGED(7),
        CONFIG_CHANGED(8),
        PRODUCER_ID_BLOCK_ALLOCATED(9),
        SNAPSHOT_BEGUN(10),
        SNAPSHOT_ENDED(11),
        TOPIC_LOGS_DELETED(12),
        LEADER_EPOCHS_RAISED(13),
        CLIENT_QUOTA_CHANGED(40);

        private final int id;

        Kind(int id) {
            this.id = id;
        }

        /** What stands on disk for this kind. */
        public int id() {
            return id;
        }

        /** Null if no kind has that id. */
        static @Nullable Kind ofId(int id) {
            for (Kind kind : values()) {
                if (kind.id == id) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** The first record of a new cluster. */
    record ClusterNamed(String clusterId) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.CLUSTER_NAMED;
        }
    }

    /** The level at which a feature (KIP-584) is finalized. */
    record FeatureLevelSet(String feature, short level) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.FEATURE_LEVEL_SET;
        }
    }

    /**
     * A broker came up, or changed what it said of itself. Replaces what was known of that node id.
     *
     * @param advertised by listener name, see {@link BrokerImage}
     */
    record BrokerRegistered(
            int nodeId,
            long epoch,
            boolean fenced,
            @Nullable String rack,
            Map<String, BrokerImage.HostPort> advertised) implements MetadataRecord {
        public BrokerRegistered {
            advertised = Map.copyOf(advertised);
        }

        @Override
        public Kind kind() {
            return Kind.BROKER_REGISTERED;
        }
    }

    /** A topic without partitions yet; {@link PartitionsAdded} follows in the same batch. */
    record TopicCreated(String name, Uuid id) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.TOPIC_CREATED;
        }
    }

    /**
     * The topic, its partitions and its configuration are gone for good: the id never comes back. Its logs may still have files,
     * which may be deleted from now on, also after a crash.
     */
    record TopicDeleted(Uuid id) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.TOPIC_DELETED;
        }
    }

    /** No file of a deleted topic is left; nothing need be remembered of it. */
    record TopicLogsDeleted(Uuid id) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.TOPIC_LOGS_DELETED;
        }
    }

    /**
     * New partitions at the end of a topic, all at leader epoch 0, led by the first of their in-sync replicas.
     *
     * @param firstIndex index of the first of them; the number of partitions that the topic had
     */
    record PartitionsAdded(Uuid topicId, int firstIndex, List<Placement> placements) implements MetadataRecord {
        public PartitionsAdded {
            placements = List.copyOf(placements);
        }

        @Override
        public Kind kind() {
            return Kind.PARTITIONS_ADDED;
        }
    }

    /**
     * Where a new partition lives.
     *
     * @param replicas node ids, the preferred leader first
     * @param isr those of them that are alive; not empty
     */
    record Placement(List<Integer> replicas, List<Integer> isr) {
        public Placement {
            replicas = List.copyOf(replicas);
            isr = List.copyOf(isr);
            if (replicas.isEmpty() || isr.isEmpty()) {
                throw new IllegalArgumentException("expected replicas and an ISR, found " + replicas + " and " + isr);
            }
        }
    }

    /** A partition has another leader, other replicas or another ISR. Says all of them. */
    record PartitionChanged(
            Uuid topicId,
            int index,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> replicas,
            List<Integer> isr)
            implements MetadataRecord {
        public PartitionChanged {
            replicas = List.copyOf(replicas);
            isr = List.copyOf(isr);
        }

        @Override
        public Kind kind() {
            return Kind.PARTITION_CHANGED;
        }
    }

    /**
     * Every partition that the broker leads is in a new leader epoch: it came back after a run that did not end in order and may
     * have lost its last records, so clients must be able to tell the ones written from now on.
     */
    record LeaderEpochsRaised(int nodeId) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.LEADER_EPOCHS_RAISED;
        }
    }

    /** One key of one resource's dynamic configuration; a null value takes it away. */
    record ConfigChanged(
            ConfigScope scope,
            String name,
            String key,
            @Nullable String value) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.CONFIG_CHANGED;
        }

        /** Without the value, which may be a secret. */
        @Override
        public String toString() {
            return "ConfigChanged[" + scope + " " + name + " " + key + (value == null ? " taken away]" : " set]");
        }
    }

    /** One quota of one entity; a null value takes it away. */
    record ClientQuotaChanged(
            QuotaEntity entity, String key, @Nullable Double value) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.CLIENT_QUOTA_CHANGED;
        }
    }

    /** What a dynamic configuration belongs to. The {@code id}s are those of Kafka's resource types. */
    enum ConfigScope {
        TOPIC(2),
        /** One broker by node id, or all of them by the empty name. */
        BROKER(4),
        CLIENT_METRICS(16),
        GROUP(32);

        private final int id;

        ConfigScope(int id) {
            this.id = id;
        }

        public int id() {
            return id;
        }

        static @Nullable ConfigScope ofId(int id) {
            for (ConfigScope scope : values()) {
                if (scope.id == id) {
                    return scope;
                }
            }
            return null;
        }
    }

    /**
     * All producer ids below {@code endId} are given away: those from the last such record on to {@code nodeId}, which may hand
     * them out once this record is durable.
     *
     * @param endId exclusive; only grows
     */
    record ProducerIdBlockAllocated(int nodeId, long endId) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.PRODUCER_ID_BLOCK_ALLOCATED;
        }
    }

    /** The records up to {@link SnapshotEnded} say everything anew; nothing before them is needed once that is there. */
    record SnapshotBegun() implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT_BEGUN;
        }
    }

    /**
     * The snapshot is whole.
     *
     * @param recordCount records between the two marks
     */
    record SnapshotEnded(int recordCount) implements MetadataRecord {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT_ENDED;
        }
    }
}
