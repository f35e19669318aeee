package io.penstock.storage;

/**
 * Settings of one log, under the meaning of the Kafka topic settings of the same name.
 *
 * @param segmentBytes roll when the active segment would pass this many bytes ({@code segment.bytes})
 * @param segmentMs roll when the active segment's first record is older than this ({@code segment.ms})
 * @param segmentJitterMs roll up to this much earlier, at random per segment ({@code segment.jitter.ms})
 * @param retentionBytes delete oldest sealed segments above this size; -1 for no bound ({@code retention.bytes})
 * @param retentionMs delete sealed segments whose newest record is older than this; -1 for no bound ({@code retention.ms})
 * @param deleteByRetention whether {@code cleanup.policy} contains {@code delete}; without it only records below the log start go
 * @param fileDeleteDelayMs files of deleted segments stay this long before they are unlinked ({@code file.delete.delay.ms})
 * @param indexIntervalBytes at most this many bytes between two index entries ({@code index.interval.bytes})
 * @param maxBatchBytes largest batch that will ever be appended; a hint for mapping sizes ({@code max.message.bytes})
 * @param producerIdExpirationMs forget producers idle for this long ({@code producer.id.expiration.ms})
 * @param compaction what to do when {@code cleanup.policy} contains {@code compact}
 */
public record LogConfig(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        long retentionBytes,
        long retentionMs,
        boolean deleteByRetention,
        long fileDeleteDelayMs,
        int indexIntervalBytes,
        int maxBatchBytes,
        long producerIdExpirationMs,
        CompactionConfig compaction) {

    /** Kafka's defaults. */
    public static final LogConfig DEFAULT =
            new LogConfig(1 << 30, 604_800_000L, 0, -1, 604_800_000L, true, 60_000, 4096, 1_048_588, 86_400_000L);

    /** Of a log that is never compacted. */
    public LogConfig(
            int segmentBytes,
            long segmentMs,
            long segmentJitterMs,
            long retentionBytes,
            long retentionMs,
            boolean deleteByRetention,
            long fileDeleteDelayMs,
            int indexIntervalBytes,
            int maxBatchBytes,
            long producerIdExpirationMs) {
        this(
                segmentBytes,
                segmentMs,
                segmentJitterMs,
                retentionBytes,
                retentionMs,
                deleteByRetention,
                fileDeleteDelayMs,
                indexIntervalBytes,
                maxBatchBytes,
                producerIdExpirationMs,
                CompactionConfig.OFF);
    }

    public LogConfig {
        require(segmentBytes >= 14, "segment.bytes", segmentBytes);
        require(segmentMs >= 1, "segment.ms", segmentMs);
        require(segmentJitterMs >= 0, "segment.jitter.ms", segmentJitterMs);
        require(retentionBytes >= -1, "retention.bytes", retentionBytes);
        require(retentionMs >= -1, "retention.ms", retentionMs);
        require(fileDeleteDelayMs >= 0, "file.delete.delay.ms", fileDeleteDelayMs);
        require(indexIntervalBytes >= 0, "index.interval.bytes", indexIntervalBytes);
        require(maxBatchBytes >= 0, "max.message.bytes", maxBatchBytes);
        require(producerIdExpirationMs >= 1, "producer.id.expiration.ms", producerIdExpirationMs);
    }

    /** The same with other settings of compaction. */
    public LogConfig withCompaction(CompactionConfig other) {
        return new LogConfig(
                segmentBytes,
                segmentMs,
                segmentJitterMs,
                retentionBytes,
                retentionMs,
                deleteByRetention,
                fileDeleteDelayMs,
                indexIntervalBytes,
                maxBatchBytes,
                producerIdExpirationMs,
                other);
    }

    /** The same with segments of another size. */
    public LogConfig withSegmentBytes(int other) {
        return new LogConfig(
                other,
                segmentMs,
                segmentJitterMs,
                retentionBytes,
                retentionMs,
                deleteByRetention,
                fileDeleteDelayMs,
                indexIntervalBytes,
                maxBatchBytes,
                producerIdExpirationMs,
                compaction);
    }

    /**
     * How old the active segment may become: {@link #segmentMs}, or less if a compaction is due before, because what is in the active
     * segment is never compacted.
     */
    public long rollMs() {
        return compaction.enabled() ? Math.min(segmentMs, compaction.maxLagMs()) : segmentMs;
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
