package io.penstock.bench.pause;

import io.penstock.core.api.BrokerOptions;
import java.nio.file.Path;

/**
 * What to run. Immutable.
 *
 * @param store "chronicle" or "memory"
 * @param data directory for the logs
 * @param windowBytes bytes in flight to each partition
 * @param rateMb MB per second to all partitions together; 0 for as fast as it goes
 */
record PausePlan(
        String store,
        Path data,
        int valueBytes,
        int partitions,
        int windowBytes,
        int rateMb,
        int warmUpSeconds,
        int seconds) {
    private static final String SEGMENT_BYTES = Integer.toString(256 << 20);
    private static final String RETENTION_BYTES = Integer.toString(512 << 20);
    /** In memory there is less room, and segments go only as a whole. */
    private static final String MEMORY_SEGMENT_BYTES = Integer.toString(16 << 20);

    private static final String MEMORY_RETENTION_BYTES = Integer.toString(32 << 20);
    private static final String RETENTION_INTERVAL_MS = "1000";
    private static final String MEMORY_RETENTION_INTERVAL_MS = "20";

    PausePlan {
        if (!store.equals("chronicle") && !store.equals("memory")) {
            throw new IllegalArgumentException("--store must be chronicle or memory, found '" + store + "'");
        }
        if (partitions < 1 || windowBytes < valueBytes || valueBytes < 1 || seconds < 1) {
            throw new IllegalArgumentException(
                    "expected partitions, bytes and seconds above 0, and a window of a batch or more");
        }
    }

    boolean isOnDisk() {
        return store.equals("chronicle");
    }

    /** Retention keeps the data bounded, so it runs all the time, as it would in a broker that has been up for long. */
    BrokerOptions options() {
        BrokerOptions options = isOnDisk() ? BrokerOptions.inDirectory(data) : BrokerOptions.inMemory();
        return options.with("log.segment.bytes", isOnDisk() ? SEGMENT_BYTES : MEMORY_SEGMENT_BYTES)
                .with("log.retention.bytes", isOnDisk() ? RETENTION_BYTES : MEMORY_RETENTION_BYTES)
                .with(
                        "log.retention.check.interval.ms",
                        isOnDisk() ? RETENTION_INTERVAL_MS : MEMORY_RETENTION_INTERVAL_MS)
                .with("log.segment.delete.delay.ms", "0");
    }
}
