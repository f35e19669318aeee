package io.penstock.storage;

/**
 * Settings of one log's compaction, under the meaning of the Kafka topic settings of the same name.
 *
 * @param enabled whether {@code cleanup.policy} contains {@code compact}
 * @param deleteRetentionMs how long a tombstone is kept after it was first compacted ({@code delete.retention.ms})
 * @param minDirtyRatio compact when more than this share of the bytes that may be compacted never was
 *     ({@code min.cleanable.dirty.ratio})
 * @param minLagMs leave segments alone that hold a record younger than this ({@code min.compaction.lag.ms})
 * @param maxLagMs compact segments whose first record is older than this, whatever the ratio ({@code max.compaction.lag.ms})
 * @param maxUnpackedBytes most bytes that one batch may unpack to; compaction stops at a batch that does
 *     ({@code max.decompressed.message.bytes})
 */
public record CompactionConfig(
        boolean enabled,
        long deleteRetentionMs,
        double minDirtyRatio,
        long minLagMs,
        long maxLagMs,
        long maxUnpackedBytes) {
    /** No compaction, and Kafka's defaults for when there is. */
    public static final CompactionConfig OFF =
            new CompactionConfig(false, 86_400_000L, 0.5, 0, Long.MAX_VALUE, 128L << 20);

    public CompactionConfig {
        require(deleteRetentionMs >= 0, "delete.retention.ms", deleteRetentionMs);
        require(minDirtyRatio >= 0 && minDirtyRatio <= 1, "min.cleanable.dirty.ratio", minDirtyRatio);
        require(minLagMs >= 0, "min.compaction.lag.ms", minLagMs);
        require(maxLagMs >= 1, "max.compaction.lag.ms", maxLagMs);
        require(maxUnpackedBytes >= 1, "max.decompressed.message.bytes", maxUnpackedBytes);
    }

    private static void require(boolean holds, String key, Number value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
