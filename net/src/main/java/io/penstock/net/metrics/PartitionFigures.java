package io.penstock.net.metrics;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the metadata image and the partitions' own figures into gauges, under the names of kafka_exporter and of Kafka. Stateless. */
final class PartitionFigures {

    private final int nodeId;

    PartitionFigures(int nodeId) {
        this.nodeId = nodeId;
    }

    void collect(MetricFamilies families, MetadataImage image, Map<PartitionId, PartitionStatus> statuses) {
        Totals totals = new Totals();
        for (TopicImage topic : image.topics()) {
            totals.topics++;
            topic.partitions().forEach(partition -> {
                totals.add(partition, nodeId);
                collect(families, topic.name(), partition, statuses.get(partition.id()));
            });
        }
        totals.collect(families, statuses.size());
        families.gauge(
                "kafka_brokers", "Brokers in the cluster.", image.brokers().size());
        families.gauge(
                "kafka_controller_kafkacontroller_activecontrollercount",
                "1 on the broker that is the active controller.",
                image.controllerId() == nodeId ? 1 : 0);
    }

    private void collect(
            MetricFamilies families, String topic, PartitionImage partition, @Nullable PartitionStatus status) {
        if (status == null) {
            return;
        }
        String[] labels = {
            "topic", topic, "partition", Integer.toString(partition.id().index())
        };
        collectReplicas(families, partition, labels);
        families.gauge("kafka_log_log_size", "Bytes on disk.", status.sizeBytes(), labels);
        if (status.logEndOffset() >= 0) {
            collectOffsets(families, status, labels);
        }
    }

    private static void collectOffsets(MetricFamilies families, PartitionStatus status, String... labels) {
        String highWatermark = "Offset below which records can be read.";
        String start = "First offset that can be read.";
        families.gauge("kafka_topic_partition_current_offset", highWatermark, status.highWatermark(), labels);
        families.gauge("kafka_topic_partition_oldest_offset", start, status.logStartOffset(), labels);
        families.gauge("kafka_log_log_logstartoffset", start, status.logStartOffset(), labels);
        families.gauge("kafka_log_log_logendoffset", "One past the last offset.", status.logEndOffset(), labels);
    }

    private static void collectReplicas(MetricFamilies families, PartitionImage partition, String... labels) {
        int replicas = partition.replicas().size();
        int inSync = partition.isr().size();
        families.gauge("kafka_topic_partition_leader", "Node id of the leader, or -1.", partition.leader(), labels);
        families.gauge("kafka_topic_partition_replicas", "Replicas there are to be.", replicas, labels);
        families.gauge("kafka_topic_partition_in_sync_replica", "Replicas in sync.", inSync, labels);
        families.gauge(
                "kafka_topic_partition_under_replicated_partition",
                "1 if a replica is not in sync.",
                inSync < replicas ? 1 : 0,
                labels);
    }

    /** Counts over all partitions, those without series of their own too. */
    private static final class Totals {
        private int topics;
        private int partitions;
        private int led;
        private int offline;
        private int underReplicated;

        void add(PartitionImage partition, int nodeId) {
            partitions++;
            led += partition.leader() == nodeId ? 1 : 0;
            offline += partition.leader() < 0 ? 1 : 0;
            underReplicated += partition.isr().size() < partition.replicas().size() ? 1 : 0;
        }

        void collect(MetricFamilies families, int described) {
            families.gauge("kafka_server_replicamanager_partitioncount", "Partitions of this broker.", partitions);
            families.gauge("kafka_server_replicamanager_leadercount", "Partitions led by this broker.", led);
            families.gauge(
                    "kafka_server_replicamanager_underreplicatedpartitions",
                    "Partitions with a replica that is not in sync.",
                    underReplicated);
            families.gauge("kafka_controller_kafkacontroller_globaltopiccount", "Topics of the cluster.", topics);
            families.gauge(
                    "kafka_controller_kafkacontroller_globalpartitioncount", "Partitions of the cluster.", partitions);
            families.gauge(
                    "kafka_controller_kafkacontroller_offlinepartitionscount", "Partitions without a leader.", offline);
            families.gauge(
                    "penstock_metrics_partitions_omitted",
                    "Partitions without series of their own, because there are too many or because they cannot tell.",
                    Math.max(0, partitions - described));
        }
    }
}
