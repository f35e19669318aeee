package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.CoordinatorSettings;
import io.penstock.config.StreamsSettings;
import io.penstock.core.PartitionRouter;
import io.penstock.core.group.ConsumerGroupSettings;
import io.penstock.core.group.ConsumerGroupSettings.Bound;
import io.penstock.core.group.ConsumerGroupSettings.Bounds;
import io.penstock.core.group.GroupSettings;
import io.penstock.core.group.MemberIds;
import io.penstock.core.group.MigrationPolicy;
import io.penstock.core.group.StreamsGroupSettings;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all coordinators of one broker share. Every part is safe from any thread.
 *
 * @param router the way to the partitions that coordinators write to and load from
 * @param commitTimeoutMs how long a write may wait for replicas and disks ({@code offsets.commit.timeout.ms})
 * @param deletedTopics topics that were deleted not long ago
 * @param groupConfigs what is configured for a group alone
 * @param workers run what would hold up an event loop
 */
record CoordinatorHost(
        PartitionRouter router,
        Clock clock,
        AwakeClock awake,
        GroupSettings settings,
        MemberIds memberIds,
        int commitTimeoutMs,
        Supplier<Collection<DeletedTopic>> deletedTopics,
        Function<String, Map<String, String>> groupConfigs,
        Executor workers)
        implements ShardHost {
    private static final long MIN_MEMBER_BYTES = 4 << 20;
    private static final int MAX_WAITING_COMMANDS = 10_000;

    /** As a broker's settings have it. */
    static CoordinatorHost of(
            BrokerConfig config, PartitionFleet fleet, Clock clock, Supplier<MetadataImage> metadata) {
        return new CoordinatorHost(
                fleet.router(),
                clock,
                new AwakeClock(clock),
                settings(config),
                MemberIds.RANDOM,
                config.get(CoordinatorSettings.OFFSETS_COMMIT_TIMEOUT_MS),
                () -> metadata.get().deletedTopics(),
                groupId -> GroupOverrides.of(metadata.get(), config.nodeId(), groupId),
                fleet.diskWorkers());
    }

    /** What the configuration says about groups. */
    static GroupSettings settings(BrokerConfig config) {
        int partitions = config.get(CoordinatorSettings.OFFSETS_TOPIC_PARTITIONS);
        long memberBytes = Runtime.getRuntime().maxMemory() / 4 / partitions;
        return new GroupSettings(
                config.get(CoordinatorSettings.GROUP_MIN_SESSION_TIMEOUT_MS),
                config.get(CoordinatorSettings.GROUP_MAX_SESSION_TIMEOUT_MS),
                config.get(CoordinatorSettings.GROUP_INITIAL_REBALANCE_DELAY_MS),
                config.get(CoordinatorSettings.GROUP_MAX_SIZE),
                TimeUnit.MINUTES.toMillis(config.get(CoordinatorSettings.OFFSETS_RETENTION_MINUTES)),
                config.get(CoordinatorSettings.OFFSETS_RETENTION_CHECK_INTERVAL_MS),
                config.get(CoordinatorSettings.OFFSET_METADATA_MAX_BYTES),
                Math.max(MIN_MEMBER_BYTES, memberBytes),
                MAX_WAITING_COMMANDS,
                consumerSettings(config),
                streamsSettings(config));
    }

    private static ConsumerGroupSettings consumerSettings(BrokerConfig config) {
        return new ConsumerGroupSettings(
                config.get(CoordinatorSettings.CONSUMER_SESSION_TIMEOUT_MS),
                config.get(CoordinatorSettings.CONSUMER_HEARTBEAT_INTERVAL_MS),
                config.get(CoordinatorSettings.CONSUMER_MAX_SIZE),
                config.get(CoordinatorSettings.CONSUMER_ASSIGNORS),
                MigrationPolicy.of(config.get(CoordinatorSettings.CONSUMER_MIGRATION_POLICY)),
                config.get(CoordinatorSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS),
                config.get(CoordinatorSettings.CONSUMER_REGEX_REFRESH_INTERVAL_MS),
                new Bounds(
                        new Bound(
                                config.get(CoordinatorSettings.CONSUMER_MIN_SESSION_TIMEOUT_MS),
                                config.get(CoordinatorSettings.CONSUMER_MAX_SESSION_TIMEOUT_MS)),
                        new Bound(
                                config.get(CoordinatorSettings.CONSUMER_MIN_HEARTBEAT_INTERVAL_MS),
                                config.get(CoordinatorSettings.CONSUMER_MAX_HEARTBEAT_INTERVAL_MS)),
                        new Bound(
                                config.get(CoordinatorSettings.CONSUMER_MIN_ASSIGNMENT_INTERVAL_MS),
                                config.get(CoordinatorSettings.CONSUMER_MAX_ASSIGNMENT_INTERVAL_MS))));
    }

    private static StreamsGroupSettings streamsSettings(BrokerConfig config) {
        return new StreamsGroupSettings(
                config.get(StreamsSettings.SESSION_TIMEOUT_MS),
                config.get(StreamsSettings.HEARTBEAT_INTERVAL_MS),
                config.get(StreamsSettings.MAX_SIZE),
                config.get(StreamsSettings.NUM_STANDBY_REPLICAS),
                config.get(StreamsSettings.INITIAL_REBALANCE_DELAY_MS),
                config.get(StreamsSettings.ASSIGNMENT_INTERVAL_MS),
                new StreamsGroupSettings.Bounds(
                        new Bound(
                                config.get(StreamsSettings.MIN_SESSION_TIMEOUT_MS),
                                config.get(StreamsSettings.MAX_SESSION_TIMEOUT_MS)),
                        new Bound(
                                config.get(StreamsSettings.MIN_HEARTBEAT_INTERVAL_MS),
                                config.get(StreamsSettings.MAX_HEARTBEAT_INTERVAL_MS)),
                        new Bound(0, config.get(StreamsSettings.MAX_STANDBY_REPLICAS)),
                        new Bound(
                                config.get(StreamsSettings.MIN_ASSIGNMENT_INTERVAL_MS),
                                config.get(StreamsSettings.MAX_ASSIGNMENT_INTERVAL_MS))));
    }
}
