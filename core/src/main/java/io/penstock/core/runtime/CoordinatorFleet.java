package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.TopicConfigs;
import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators that this broker runs: one for each partition of {@code __consumer_offsets} that it leads.
 *
 * <p>{@link #send} is safe from any thread; the other methods are called by the one owner of the broker's metadata, one after another.
 */
final class CoordinatorFleet {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorFleet.class);

    private final Vertx vertx;
    private final int nodeId;
    private final CoordinatorHost host;
    private final Map<Integer, Slot> slots = new ConcurrentHashMap<>();
    private final long awakeTimer;

    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger loadedGroups = new AtomicInteger();
    private final AtomicInteger loadedOffsets = new AtomicInteger();

    /** One coordinator, for one leadership. */
    private record Slot(
            PartitionId partition, int leaderEpoch, CoordinatorVerticle verticle, Future<String> deployment) {}

    CoordinatorFleet(Vertx vertx, int nodeId, CoordinatorHost host) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.host = host;
        this.awakeTimer =
                vertx.setPeriodic(AwakeClock.TICK_MS, tick -> host.awake().tick());
    }

    /** Asks the coordinator of a partition; refuses in its name if it is not here. */
    void send(int partitionIndex, CoordinatorCall call) {
        Slot slot = slots.get(partitionIndex);
        if (slot == null) {
            call.refuse(Errors.NOT_COORDINATOR);
        } else if (slot.deployment().succeeded()) {
            slot.verticle().handle(call);
        } else {
            slot.deployment().onComplete(deployed -> {
                if (deployed.succeeded()) {
                    slot.verticle().handle(call);
                } else {
                    call.refuse(Errors.NOT_COORDINATOR);
                }
            });
        }
    }

    /** The partitions whose coordinators are here. */
    Collection<Integer> partitions() {
        return List.copyOf(slots.keySet());
    }

    /**
     * Follows the metadata: deploys and undeploys coordinators, and tells them which topics are gone.
     *
     * @return completed when all that should be here are deployed; they may still load
     */
    Future<Void> onImage(MetadataImage before, MetadataImage after, BrokerConfig config) {
        List<Future<?>> deployments = new ArrayList<>();
        TopicCatalog topics = new ImageTopics(after);
        TopicImage topic = after.topic(Topic.GROUP_METADATA_TOPIC_NAME);
        Set<Integer> led = new HashSet<>();
        if (topic != null) {
            int maxBatchBytes = TopicConfigs.of(topic.configs(), config).maxMessageBytes();
            for (PartitionImage partition : topic.partitions()) {
                if (partition.leader() == nodeId) {
                    led.add(partition.id().index());
                    deployments.add(lead(partition, maxBatchBytes, topics));
                }
            }
        }
        slots.keySet().stream().filter(index -> !led.contains(index)).toList().forEach(this::undeploy);
        tellTopics(before, after, topics);
        return Future.join(deployments).mapEmpty();
    }

    private Future<?> lead(PartitionImage partition, int maxBatchBytes, TopicCatalog topics) {
        Slot slot = slots.get(partition.id().index());
        if (slot != null && slot.partition().equals(partition.id()) && slot.leaderEpoch() == partition.leaderEpoch()) {
            return slot.deployment().onSuccess(deployed -> slot.verticle().onMaxBatchBytes(maxBatchBytes));
        }
        if (slot != null) {
            undeploy(partition.id().index());
        }
        return deploy(partition, maxBatchBytes, topics);
    }

    private Future<?> deploy(PartitionImage partition, int maxBatchBytes, TopicCatalog topics) {
        loading.incrementAndGet();
        CoordinatorVerticle verticle =
                new CoordinatorVerticle(partition.id(), maxBatchBytes, topics, host, new FirstLoad()::onLoaded);
        Future<String> deployment = vertx.deployVerticle(verticle);
        slots.put(partition.id().index(), new Slot(partition.id(), partition.leaderEpoch(), verticle, deployment));
        return deployment;
    }

    private void undeploy(int partitionIndex) {
        Slot slot = slots.remove(partitionIndex);
        if (slot != null) {
            slot.deployment().compose(vertx::undeploy);
        }
    }

    private void tellTopics(MetadataImage before, MetadataImage after, TopicCatalog topics) {
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
            slots.values().forEach(slot -> slot.verticle().onTopics(topics, hasNewOnes[0]));
        }
        deleted.forEach(this::tell);
    }

    private void tell(DeletedTopic topic) {
        for (Slot slot : slots.values()) {
            slot.deployment().onSuccess(deployed -> slot.verticle().onTopicDeleted(topic));
        }
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
        slots.values()
                .forEach(slot ->
                        slot.deployment().onSuccess(deployed -> slot.verticle().drain()));
    }

    /** Undeploys all coordinators; whoever waits is told to look for others. */
    Future<Void> close() {
        vertx.cancelTimer(awakeTimer);
        List<Future<?>> ends = new ArrayList<>();
        for (Integer index : partitions()) {
            Slot slot = slots.remove(index);
            if (slot != null) {
                ends.add(slot.deployment().compose(vertx::undeploy));
            }
        }
        return Future.join(ends).mapEmpty();
    }
}
