package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.DeliverySettings;
import io.penstock.config.LogSettings;
import io.penstock.config.TimestampType;
import io.penstock.config.TopicConfigs;
import io.penstock.config.TopicSettings;
import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.BatchCompression;
import io.penstock.core.partition.DeliveryConfig;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * Says what partitions must know, from the metadata and one configuration of the broker. Owned by one thread. Topics with the same
 * settings share what is made of them, since most have none of their own.
 */
final class PartitionSpecs {
    private static final String TOPICS = "topics";
    /** Resolving settings anew is cheap enough beyond that. */
    private static final int MAX_REMEMBERED = 10_000;

    private final BrokerConfig broker;
    private final Map<Map<String, String>, Resolved> resolved = new HashMap<>();

    private record Resolved(PartitionConfig partition, LogConfig log) {}

    PartitionSpecs(BrokerConfig broker) {
        this.broker = broker;
    }

    BrokerConfig broker() {
        return broker;
    }

    PartitionSpec spec(TopicImage topic, PartitionImage partition) {
        if (resolved.size() > MAX_REMEMBERED) {
            resolved.clear();
        }
        Resolved settings = resolved.computeIfAbsent(topic.configs(), this::resolve);
        return new PartitionSpec(
                partition,
                topic.name(),
                logId(topic.name(), topic.id(), partition.id().index()),
                topic.isInternal() ? settings.partition().with(DeliveryConfig.KAFKA) : settings.partition(),
                settings.log());
    }

    /** Where a partition's log lives: a topic made again under its name has another id, hence other files. */
    static LogId logId(String topicName, Uuid topicId, int index) {
        return LogId.of(TOPICS, topicName, topicId.toString(), Integer.toString(index));
    }

    /** Whether a log is one of a partition of a topic. */
    static boolean isPartitionLog(LogId id) {
        return id.parts().size() == 4 && id.parts().get(0).equals(TOPICS);
    }

    /** The topic's id in the id of a partition's log. */
    static String topicIdOf(LogId id) {
        return id.parts().get(2);
    }

    private Resolved resolve(Map<String, String> overrides) {
        TopicConfigs topic = TopicConfigs.of(overrides, broker);
        return new Resolved(partitionConfig(topic), logConfig(topic));
    }

    private static PartitionConfig partitionConfig(TopicConfigs topic) {
        return new PartitionConfig(
                topic.timestampType() == TimestampType.LOG_APPEND_TIME,
                topic.timestampBeforeMaxMs(),
                topic.timestampAfterMaxMs(),
                topic.maxMessageBytes(),
                topic.maxDecompressedBytes(),
                topic.hasCompactPolicy(),
                topic.hasDeletePolicy(),
                compression(topic),
                topic.flushMessages(),
                topic.flushMs(),
                topic.minInsyncReplicas(),
                delivery(topic));
    }

    private static DeliveryConfig delivery(TopicConfigs topic) {
        String header = topic.get(DeliverySettings.DEDUP_HEADER);
        DedupConfig dedup = header.isEmpty()
                ? null
                : new DedupConfig(
                        header,
                        topic.get(DeliverySettings.DEDUP_WINDOW_MS),
                        topic.get(DeliverySettings.DEDUP_WINDOW_SIZE));
        return topic.isExactlyOnce() || dedup != null
                ? new DeliveryConfig(topic.isExactlyOnce(), topic.upgradesUnsafe(), dedup)
                : DeliveryConfig.KAFKA;
    }

    private static BatchCompression compression(TopicConfigs topic) {
        int level = topic.compressionLevel().orElse(-1);
        return switch (topic.compressionCodec()) {
            case PRODUCER -> BatchCompression.PRODUCER;
            case UNCOMPRESSED -> BatchCompression.NONE;
            case GZIP -> BatchCompression.gzip(level);
            case SNAPPY -> BatchCompression.snappy();
            case LZ4 -> BatchCompression.lz4(level);
            case ZSTD -> BatchCompression.zstd(level);
        };
    }

    private LogConfig logConfig(TopicConfigs topic) {
        return new LogConfig(
                topic.segmentBytes(),
                topic.segmentMs(),
                topic.segmentJitterMs(),
                topic.retentionBytes(),
                topic.retentionMs(),
                topic.hasDeletePolicy(),
                topic.fileDeleteDelayMs(),
                topic.indexIntervalBytes(),
                topic.maxMessageBytes(),
                broker.get(LogSettings.PRODUCER_ID_EXPIRATION_MS),
                compaction(topic));
    }

    private static CompactionConfig compaction(TopicConfigs topic) {
        return new CompactionConfig(
                topic.hasCompactPolicy(),
                topic.get(TopicSettings.DELETE_RETENTION_MS),
                topic.get(TopicSettings.MIN_CLEANABLE_RATIO),
                topic.get(TopicSettings.MIN_COMPACTION_LAG_MS),
                topic.get(TopicSettings.MAX_COMPACTION_LAG_MS),
                topic.maxDecompressedBytes());
    }
}
