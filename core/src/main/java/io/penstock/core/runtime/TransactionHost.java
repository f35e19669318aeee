package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.CoordinatorSettings;
import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.ClusterFeatures;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.transaction.TransactionSettings;
import io.vertx.core.Future;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What all transaction coordinators of one broker share. Every part is safe from any thread.
 *
 * @param commitTimeoutMs how long a write may wait for replicas and disks, as in Kafka that of requests between brokers
 * @param producerIds gives ids that were never given before
 * @param metadata the newest metadata
 * @param offsetMarkers takes the markers of partitions of {@code __consumer_offsets}
 */
record TransactionHost(
        PartitionRouter router,
        Clock clock,
        AwakeClock awake,
        TransactionSettings settings,
        int commitTimeoutMs,
        Supplier<Future<Long>> producerIds,
        Supplier<MetadataImage> metadata,
        OffsetMarkers offsetMarkers,
        Executor workers)
        implements ShardHost {
    private static final int COMMIT_TIMEOUT_MS = 30_000;
    private static final int MAX_WAITING_COMMANDS = 10_000;
    private static final long MIN_STATE_BYTES = 4 << 20;
    /** All transactions together take at most this part of the heap. */
    private static final int HEAP_SHARE = 8;

    /** As a broker's settings have it. */
    static TransactionHost of(
            BrokerConfig config,
            PartitionFleet fleet,
            Clock clock,
            Supplier<MetadataImage> metadata,
            Supplier<Future<Long>> producerIds,
            OffsetMarkers offsetMarkers) {
        return new TransactionHost(
                fleet.router(),
                clock,
                new AwakeClock(clock),
                settings(config),
                COMMIT_TIMEOUT_MS,
                producerIds,
                metadata,
                offsetMarkers,
                fleet.diskWorkers());
    }

    /** What the configuration says about transactions. */
    static TransactionSettings settings(BrokerConfig config) {
        int partitions = config.get(CoordinatorSettings.TRANSACTION_TOPIC_PARTITIONS);
        long stateBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE / partitions;
        return new TransactionSettings(
                config.get(CoordinatorSettings.TRANSACTION_MAX_TIMEOUT_MS),
                config.get(CoordinatorSettings.TRANSACTIONAL_ID_EXPIRATION_MS),
                config.get(CoordinatorSettings.TRANSACTIONAL_ID_CHECK_INTERVAL_MS),
                Math.max(MIN_STATE_BYTES, stateBytes),
                MAX_WAITING_COMMANDS);
    }

    /** The level of {@code transaction.version} that is in force. */
    short transactionVersion() {
        return ClusterFeatures.level(metadata.get(), ClusterFeatures.TRANSACTION_VERSION);
    }
}
