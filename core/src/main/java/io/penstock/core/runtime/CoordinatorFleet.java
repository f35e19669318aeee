package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.metadata.PartitionImage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators of groups that this broker runs: one for each partition of {@code __consumer_offsets} that it leads.
 *
 * <p>{@link #send} is safe from any thread; the other methods are called by the one owner of the broker's metadata, one after another.
 */
final class CoordinatorFleet {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorFleet.class);

    private final CoordinatorHost host;
    private final ShardFleet<LiveCoordinator, CoordinatorShard> fleet;
    /** The cluster's topics, as they were told last. */
    private volatile TopicCatalog topics = TopicCatalog.EMPTY;

    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger loadedGroups = new AtomicInteger();
    private final AtomicInteger loadedOffsets = new AtomicInteger();

    CoordinatorFleet(Vertx vertx, int nodeId, CoordinatorHost host) {
        this.host = host;
        this.fleet = new ShardFleet<>(vertx, nodeId, Topic.GROUP_METADATA_TOPIC_NAME, host, this::birthOf);
    }

    private CoordinatorVerticle.Birth<LiveCoordinator> birthOf(PartitionImage partition) {
        loading.incrementAndGet();
        FirstLoad firstLoad = new FirstLoad();
        return (maxBatchBytes, owner, timers) ->
                new LiveCoordinator(partition.id(), maxBatchBytes, topics, host, owner, timers, firstLoad::onLoaded);
    }

    /** Asks the coordinator of a partition; refuses in its name if it is not here. */
    void send(int partitionIndex, CoordinatorCall<CoordinatorShard> call) {
        fleet.send(partitionIndex, call);
    }

    /** The partitions whose coordinators are here. */
    Collection<Integer> partitions() {
        return fleet.partitions();
    }

    /**
     * Follows the metadata: deploys and undeploys coordinators, and tells them which topics are gone.
     *
     * @return completed when all that should be here are deployed; they may still load
     */
    Future<Void> onImage(MetadataImage before, MetadataImage after, BrokerConfig config) {
        topics = new ImageTopics(after);
        Future<Void> deployed = fleet.onImage(after, config);
        tellTopics(before, after);
        return deployed;
    }

    private void tellTopics(MetadataImage before, MetadataImage after) {
        List<DeletedTopic> deleted = new ArrayList<>();
        boolean[] differs = {false};
        boolean[] hasNewOnes = {false};
        MetadataImage.topicDifferences(before, after, (was, is) -> {
            differs[0] = true;
            hasNewOnes[0] |= was == null;
            if (was != null && is == null) {
                deleted.add(
                        new DeletedTopic(was.id(), was.name(), was.partitions().size()));
            }
        });
        if (differs[0]) {
            TopicCatalog newTopics = topics;
            fleet.tell(coordinator -> coordinator.onTopics(newTopics, hasNewOnes[0]));
        }
        deleted.forEach(topic -> fleet.tellWhenDeployed(coordinator -> coordinator.onTopicDeleted(topic)));
    }

    /** Counts one coordinator's groups the first time that they are there. */
    private final class FirstLoad {
        private @Nullable CoordinatorShard counted;

        void onLoaded(CoordinatorShard shard) {
            if (counted != null) {
                return;
            }
            counted = shard;
            loadedGroups.addAndGet(shard.groups().size());
            loadedOffsets.addAndGet(shard.offsetCount());
            if (loading.decrementAndGet() == 0 && loadedGroups.get() > 0) {
                LOGGER.atInfo()
                        .addKeyValue("groups", loadedGroups.get())
                        .addKeyValue("offsets", loadedOffsets.get())
                        .log("Groups are loaded");
            }
        }
    }

    /** The broker is about to stop: members that wait for others are sent away. Safe from any thread. */
    void drain() {
        fleet.drain();
    }

    /** Undeploys all coordinators; whoever waits is told to look for others. */
    Future<Void> close() {
        return fleet.close();
    }
}
