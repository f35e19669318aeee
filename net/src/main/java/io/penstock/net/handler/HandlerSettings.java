package io.penstock.net.handler;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.CoordinatorSettings;
import io.penstock.config.NetworkSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What handlers need to know of the broker's settings. Immutable: none of these changes while the broker runs.
 *
 * @param autoCreateTopics whether asking for a topic creates it ({@code auto.create.topics.enable})
 * @param autoCreatePerSecond most topics created that way in a second, 1 or more ({@code penstock.auto.create.max.per.second})
 * @param fetchMaxBytes most bytes in one fetch answer, 1024 or more ({@code fetch.max.bytes})
 * @param fetchSessionSlots most fetch sessions ({@code max.incremental.fetch.session.cache.slots})
 * @param describedPartitions most partitions in one DescribeTopicPartitions answer ({@code max.request.partition.size.limit})
 * @param consumerGroups whether groups of KIP-848 are served ({@code group.coordinator.rebalance.protocols} has consumer)
 * @param streamsGroups whether groups of KIP-1071 are served (the same list has streams)
 * @param eventLoops number of event loops that serve connections
 * @param dataDirectory where the logs are; null if they are only in memory
 */
public record HandlerSettings(
        boolean autoCreateTopics,
        int autoCreatePerSecond,
        int fetchMaxBytes,
        int fetchSessionSlots,
        int describedPartitions,
        boolean consumerGroups,
        boolean streamsGroups,
        int eventLoops,
        @Nullable Path dataDirectory) {

    /** Kafka's defaults for a broker without a data directory and with one event loop. */
    public static final HandlerSettings DEFAULT =
            new HandlerSettings(true, 100, 55 * 1024 * 1024, 1000, 2000, true, true, 1, null);

    public HandlerSettings {
        require(autoCreatePerSecond >= 1, "penstock.auto.create.max.per.second", autoCreatePerSecond);
        require(fetchMaxBytes >= 1024, "fetch.max.bytes", fetchMaxBytes);
        require(fetchSessionSlots >= 0, "max.incremental.fetch.session.cache.slots", fetchSessionSlots);
        require(describedPartitions >= 1, "max.request.partition.size.limit", describedPartitions);
        require(eventLoops >= 1, "number of event loops", eventLoops);
    }

    /** What the broker was started with. */
    public static HandlerSettings of(BrokerConfig config) {
        boolean inMemory = config.get(BrokerSettings.STORE).equals("memory");
        return new HandlerSettings(
                config.get(BrokerSettings.AUTO_CREATE_TOPICS),
                config.get(BrokerSettings.AUTO_CREATE_MAX_PER_SECOND),
                config.get(NetworkSettings.FETCH_MAX_BYTES),
                config.get(NetworkSettings.FETCH_SESSION_SLOTS),
                config.get(NetworkSettings.MAX_REQUEST_PARTITIONS),
                config.get(CoordinatorSettings.REBALANCE_PROTOCOLS).stream().anyMatch("consumer"::equalsIgnoreCase),
                config.get(CoordinatorSettings.REBALANCE_PROTOCOLS).stream().anyMatch("streams"::equalsIgnoreCase),
                config.eventLoops(),
                inMemory ? null : config.logDirs().get(0));
    }

    private static void require(boolean holds, String key, int value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
