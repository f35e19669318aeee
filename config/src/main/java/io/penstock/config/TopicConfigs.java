package io.penstock.config;

import io.penstock.config.setting.Setting;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for one topic: its own settings over those of the broker. Immutable and safe from any thread; the
 * accessors of the append path are plain field reads. Two of them are equal if every value is, so a change can be
 * told from a repetition.
 */
public final class TopicConfigs {

    private final SettingValues values;
    private final int maxMessageBytes;
    private final int maxDecompressedBytes;
    private final int minInsyncReplicas;
    private final TimestampType timestampType;
    private final long timestampBeforeMaxMs;
    private final long timestampAfterMaxMs;
    private final CompressionCodec compressionCodec;
    private final Optional<Integer> compressionLevel;
    private final Set<CleanupPolicy> cleanupPolicies;
    private final int segmentBytes;

    private TopicConfigs(SettingValues values) {
        this.values = values;
        this.maxMessageBytes = values.get(TopicSettings.MAX_MESSAGE_BYTES);
        this.maxDecompressedBytes = values.get(TopicSettings.MAX_DECOMPRESSED_BYTES);
        this.minInsyncReplicas = values.get(TopicSettings.MIN_INSYNC_REPLICAS);
        this.timestampType = TimestampType.of(values.get(TopicSettings.TIMESTAMP_TYPE));
        this.timestampBeforeMaxMs = values.get(TopicSettings.TIMESTAMP_BEFORE_MAX_MS);
        this.timestampAfterMaxMs = values.get(TopicSettings.TIMESTAMP_AFTER_MAX_MS);
        this.compressionCodec = CompressionCodec.valueOf(
                values.get(TopicSettings.COMPRESSION_TYPE).toUpperCase(Locale.ROOT));
        this.compressionLevel = level(compressionCodec, values);
        this.cleanupPolicies = policies(values.get(TopicSettings.CLEANUP_POLICY));
        this.segmentBytes =
                values.find(TopicSettings.INTERNAL_SEGMENT_BYTES).orElse(values.get(TopicSettings.SEGMENT_BYTES));
    }

    /**
     * Puts the settings of one topic over those of the broker.
     *
     * @param overrides the topic's own settings as text; a value that breaks its rule is passed over
     * @param broker what decides where the topic does not
     */
    public static TopicConfigs of(Map<String, String> overrides, BrokerConfig broker) {
        return new TopicConfigs(broker.topicValues().overriddenBy(overrides, TopicSettings.CATALOGUE));
    }

    /** Largest batch in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Most bytes to which one compressed batch may unpack. */
    public int maxDecompressedBytes() {
        return maxDecompressedBytes;
    }

    public int minInsyncReplicas() {
        return minInsyncReplicas;
    }

    public TimestampType timestampType() {
        return timestampType;
    }

    /** How far a record's own time may lie behind the broker's. */
    public long timestampBeforeMaxMs() {
        return timestampBeforeMaxMs;
    }

    /** How far a record's own time may lie ahead of the broker's. */
    public long timestampAfterMaxMs() {
        return timestampAfterMaxMs;
    }

    /** How batches are stored. */
    public CompressionCodec compressionCodec() {
        return compressionCodec;
    }

    /** The level for {@link #compressionCodec}; empty if the codec has none or leaves it to its library. */
    public Optional<Integer> compressionLevel() {
        return compressionLevel;
    }

    public Set<CleanupPolicy> cleanupPolicies() {
        return cleanupPolicies;
    }

    public boolean hasDeletePolicy() {
        return cleanupPolicies.contains(CleanupPolicy.DELETE);
    }

    public boolean hasCompactPolicy() {
        return cleanupPolicies.contains(CleanupPolicy.COMPACT);
    }

    /** Milliseconds, or -1 for ever. */
    public long retentionMs() {
        return unlimitedIfNegative(values.get(TopicSettings.RETENTION_MS));
    }

    /** Bytes, or -1 for no bound. */
    public long retentionBytes() {
        return unlimitedIfNegative(values.get(TopicSettings.RETENTION_BYTES));
    }

    public int segmentBytes() {
        return segmentBytes;
    }

    public long segmentMs() {
        return values.get(TopicSettings.SEGMENT_MS);
    }

    /** At most {@link #segmentMs}, however much was asked for. */
    public long segmentJitterMs() {
        return Math.min(values.get(TopicSettings.SEGMENT_JITTER_MS), segmentMs());
    }

    public long fileDeleteDelayMs() {
        return values.get(TopicSettings.FILE_DELETE_DELAY_MS);
    }

    public int indexIntervalBytes() {
        return values.get(TopicSettings.INDEX_INTERVAL_BYTES);
    }

    /** Records after which the log is forced to disk; {@link Long#MAX_VALUE} leaves it to the operating system. */
    public long flushMessages() {
        return values.get(TopicSettings.FLUSH_MESSAGES);
    }

    /** Milliseconds until a record is forced to disk; {@link Long#MAX_VALUE} leaves it to the operating system. */
    public long flushMs() {
        return values.get(TopicSettings.FLUSH_MS);
    }

    /** Whether the delivery contract is on. */
    public boolean isExactlyOnce() {
        return values.get(DeliverySettings.DELIVERY).equals(DeliverySettings.EXACTLY_ONCE);
    }

    /** Whether the contract waits for more than an unsafe produce asks for, instead of refusing it. */
    public boolean upgradesUnsafe() {
        return values.get(DeliverySettings.UNSAFE).equals(DeliverySettings.UPGRADE);
    }

    /** Any other setting that always has a value. */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicConfigs that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    private static long unlimitedIfNegative(long value) {
        return Math.max(value, -1);
    }

    private static Optional<Integer> level(CompressionCodec codec, SettingValues values) {
        return switch (codec) {
            case GZIP -> Optional.of(values.get(TopicSettings.GZIP_LEVEL)).filter(level -> level != -1);
            case LZ4 -> Optional.of(values.get(TopicSettings.LZ4_LEVEL));
            case ZSTD -> Optional.of(values.get(TopicSettings.ZSTD_LEVEL));
            case PRODUCER, UNCOMPRESSED, SNAPPY -> Optional.empty();
        };
    }

    private static Set<CleanupPolicy> policies(List<String> names) {
        EnumSet<CleanupPolicy> policies = EnumSet.noneOf(CleanupPolicy.class);
        names.forEach(name -> policies.add(CleanupPolicy.valueOf(name.toUpperCase(Locale.ROOT))));
        return Collections.unmodifiableSet(policies);
    }
}
