package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.TopicConfigs;
import io.penstock.core.metadata.MetadataImage;
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
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * The coordinators of one kind that this broker runs: one for each partition of the kind's topic that it leads.
 *
 * <p>{@link #send}, {@link #partitions} and {@link #tell} are safe from any thread; the other methods are called by the one owner of
 * the broker's metadata, one after another.
 *
 * @param <L> a coordinator
 * @param <S> its shard
 */
final class ShardFleet<L extends CoordinatorVerticle.Live<S>, S> {
    private final Vertx vertx;
    private final int nodeId;
    private final String topicName;
    private final Births<L> births;
    private final Map<Integer, Slot<L, S>> slots = new ConcurrentHashMap<>();
    private final long awakeTimer;

    /** One coordinator, for one leadership. */
    private record Slot<L extends CoordinatorVerticle.Live<S>, S>(
            PartitionId partition, int leaderEpoch, CoordinatorVerticle<L, S> verticle, Future<String> deployment) {}

    /** Knows how to make coordinators. */
    @FunctionalInterface
    interface Births<L> {
        /** A coordinator of this partition is about to be deployed. */
        CoordinatorVerticle.Birth<L> of(PartitionImage partition);
    }

    /** @param topicName the topic whose partitions' leaders are coordinators */
    ShardFleet(Vertx vertx, int nodeId, String topicName, ShardHost host, Births<L> births) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.topicName = topicName;
        this.births = births;
        this.awakeTimer =
                vertx.setPeriodic(AwakeClock.TICK_MS, tick -> host.awake().tick());
    }

    /** Asks the coordinator of a partition; refuses in its name if it is not here. */
    void send(int partitionIndex, CoordinatorCall<S> call) {
        Slot<L, S> slot = slots.get(partitionIndex);
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
     * Follows the metadata: deploys and undeploys coordinators.
     *
     * @return completed when all that should be here are deployed; they may still load
     */
    Future<Void> onImage(MetadataImage image, BrokerConfig config) {
        List<Future<?>> deployments = new ArrayList<>();
        TopicImage topic = image.topic(topicName);
        Set<Integer> led = new HashSet<>();
        if (topic != null) {
            int maxBatchBytes = TopicConfigs.of(topic.configs(), config).maxMessageBytes();
            for (PartitionImage partition : topic.partitions()) {
                if (partition.leader() == nodeId) {
                    led.add(partition.id().index());
                    deployments.add(lead(partition, maxBatchBytes));
                }
            }
        }
        slots.keySet().stream().filter(index -> !led.contains(index)).toList().forEach(this::undeploy);
        return Future.join(deployments).mapEmpty();
    }

    private Future<?> lead(PartitionImage partition, int maxBatchBytes) {
        Slot<L, S> slot = slots.get(partition.id().index());
        if (slot != null && slot.partition().equals(partition.id()) && slot.leaderEpoch() == partition.leaderEpoch()) {
            return slot.deployment().onSuccess(deployed -> slot.verticle().onMaxBatchBytes(maxBatchBytes));
        }
        if (slot != null) {
            undeploy(partition.id().index());
        }
        return deploy(partition, maxBatchBytes);
    }

    private Future<?> deploy(PartitionImage partition, int maxBatchBytes) {
        CoordinatorVerticle<L, S> verticle =
                new CoordinatorVerticle<>(partition.id(), maxBatchBytes, births.of(partition));
        Future<String> deployment = vertx.deployVerticle(verticle);
        slots.put(partition.id().index(), new Slot<>(partition.id(), partition.leaderEpoch(), verticle, deployment));
        return deployment;
    }

    private void undeploy(int partitionIndex) {
        Slot<L, S> slot = slots.remove(partitionIndex);
        if (slot != null) {
            slot.deployment().compose(vertx::undeploy);
        }
    }

    /** Tells every coordinator something. One that is yet to be made is not told: it begins with what is known then. */
    void tell(Consumer<L> what) {
        slots.values().forEach(slot -> slot.verticle().tell(what));
    }

    /** Tells every coordinator something, those that are being deployed as soon as they are. */
    void tellWhenDeployed(Consumer<L> what) {
        slots.values()
                .forEach(slot ->
                        slot.deployment().onSuccess(deployed -> slot.verticle().tell(what)));
    }

    /** The broker is about to stop: nobody may wait long any more. Safe from any thread. */
    void drain() {
        tellWhenDeployed(CoordinatorVerticle.Live::drain);
    }

    /** Undeploys all coordinators; whoever waits is told to look for others. */
    Future<Void> close() {
        vertx.cancelTimer(awakeTimer);
        List<Future<?>> ends = new ArrayList<>();
        for (Integer index : partitions()) {
            Slot<L, S> slot = slots.remove(index);
            if (slot != null) {
                ends.add(slot.deployment().compose(vertx::undeploy));
            }
        }
        return Future.join(ends).mapEmpty();
    }
}
