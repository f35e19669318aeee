package io.penstock.bench.pause;

import io.penstock.core.api.BrokerOptions;
import java.nio.file.Path;

/**
 * What to run. Immutable.
 *
 * @param store "chronicle" or "memory"
 * @param data directory for the logs
 * @param windowBytes bytes in flight to each partition
 * @param compactedKeys keys that are overwritten all the time while the cleaner compacts; 0 for records without key and no compaction
 * @param rateMb MB per second to all partitions together; 0 for as fast as it goes
 */
record PausePlan(
        String store,
        Path data,
        int valueBytes,
        int partitions,
        int windowBytes,
        int compactedKeys,
        int rateMb,
        int warmUpSeconds,
        int seconds) {
    private static final String SEGMENT_BYTES = Integer.toString(256 << 20);
    private static final String RETENTION_BYTES = Integer.toString(512 << 20);
    /** In memory there is less room, and segments go only as a whole. */
    private static final String MEMORY_SEGMENT_BYTES = Integer.toString(16 << 20);

    private static final String MEMORY_RETENTION_BYTES = Integer.toString(32 << 20);
    /** The cleaner may be slower than the feed, so there is a bound for what it has not come to yet. */
    private static final String COMPACTED_RETENTION_BYTES = Integer.toString(1 << 30);

    private static final String COMPACTED_SEGMENT_BYTES = Integer.toString(64 << 20);
    private static final String RETENTION_INTERVAL_MS = "1000";
    private static final String MEMORY_RETENTION_INTERVAL_MS = "20";

    PausePlan {
        if (!store.equals("chronicle") && !store.equals("memory")) {
            throw new IllegalArgumentException("--store must be chronicle or memory, found '" + store + "'");
        }
        if (partitions < 1
                || windowBytes < valueBytes
                || valueBytes < 1
                || seconds < 1
                || compactedKeys < 0
                || rateMb < 0
                || warmUpSeconds < 0) {
            throw new IllegalArgumentException(
                    "expected partitions, bytes and seconds above 0, a window of a batch or more, and nothing below 0");
        }
    }

    boolean isOnDisk() {
        return store.equals("chronicle");
    }

    boolean isCompacted() {
        return compactedKeys > 0;
    }

    /** Retention keeps the data bounded, so it runs all the time, as it would in a broker that has been up for long. */
    BrokerOptions options() {
        BrokerOptions options = retaining();
        return isCompacted()
                ? options.with("log.segment.bytes", isOnDisk() ? COMPACTED_SEGMENT_BYTES : MEMORY_SEGMENT_BYTES)
                        .with("log.retention.bytes", isOnDisk() ? COMPACTED_RETENTION_BYTES : MEMORY_RETENTION_BYTES)
                        .with("log.cleanup.policy", "compact,delete")
                        .with("log.cleaner.min.cleanable.ratio", "0")
                        .with("log.cleaner.backoff.ms", "0")
                : options;
    }

    private BrokerOptions retaining() {
        BrokerOptions options = isOnDisk() ? BrokerOptions.inDirectory(data) : BrokerOptions.inMemory();
        return options.with("log.segment.bytes", isOnDisk() ? SEGMENT_BYTES : MEMORY_SEGMENT_BYTES)
                .with("log.retention.bytes", isOnDisk() ? RETENTION_BYTES : MEMORY_RETENTION_BYTES)
                .with(
                        "log.retention.check.interval.ms",
                        isOnDisk() ? RETENTION_INTERVAL_MS : MEMORY_RETENTION_INTERVAL_MS)
                .with("log.segment.delete.delay.ms", "0");
    }
}
