package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All partitions that one broker runs in this process: deploys, updates and undeploys their verticles, and routes to them.
 *
 * <p>{@link #router} is safe from any thread; the other methods are called by the one owner of the broker's metadata, one after
 * another for the same partition (waiting for the futures is not needed). The log store must outlive the fleet.
 */
public final class PartitionFleet {
    private static final long TICK_MS = 1_000;
    private static final int MAX_WAITING_DISK_TASKS = 100_000;
    private static final int MAX_WAITING_VALIDATIONS = 10_000;

    private final Vertx vertx;
    private final DiskWorkers disk;
    private final DiskWorkers compute;
    private final PartitionHost host;
    private final String addressPrefix = "penstock/" + UUID.randomUUID() + "/";
    private final ConcurrentMap<PartitionId, HostedPartition> hosted = new ConcurrentHashMap<>();
    /** Partitions whose files are not let go yet: they must be before the same partition is deployed again. */
    private final ConcurrentMap<PartitionId, Future<Void>> ending = new ConcurrentHashMap<>();

    private final EventBusRouter router;
    private final RetentionRound retention;
    private final long timer;

    /**
     * Starts without partitions.
     *
     * @param topics looks topics up in the newest metadata, for answers about partitions that are not here
     * @param diskThreads threads that may wait for the disk
     */
    public PartitionFleet(
            Vertx vertx,
            int nodeId,
            LogStore store,
            Function<Uuid, @Nullable TopicImage> topics,
            Clock clock,
            PartitionLimits limits,
            PartitionMetrics metrics,
            int diskThreads) {
        this.vertx = vertx;
        this.disk = new DiskWorkers("penstock-disk", diskThreads, MAX_WAITING_DISK_TASKS);
        this.compute = new DiskWorkers(
                "penstock-validate", Runtime.getRuntime().availableProcessors(), MAX_WAITING_VALIDATIONS);
        this.host = PartitionHost.create(nodeId, store, disk, compute, clock, limits, metrics);
        ByReferenceCodec.registerOn(vertx.eventBus());
        this.router = new EventBusRouter(vertx, hosted, topics);
        this.retention = new RetentionRound(hosted.values(), limits, TICK_MS);
        this.timer = vertx.setPeriodic(TICK_MS, ignored -> tick());
    }

    private void tick() {
        host.openLogs().sweep(host.clock().monotonicMs());
        retention.tick();
    }

    /** The way to the partitions. */
    public PartitionRouter router() {
        return router;
    }

    /** Workers for disk work that belongs to no partition, such as the metadata log's. */
    public DiskWorkers diskWorkers() {
        return disk;
    }

    /** Logs that are open now. */
    public int openLogCount() {
        return host.openLogs().count();
    }

    /**
     * Deploys the partition, or brings it to this leadership and these settings if it runs.
     *
     * @return completed when requests reach it; it opens no file before
     */
    public Future<Void> apply(PartitionSpec spec) {
        HostedPartition running = hosted.get(spec.id());
        if (running == null) {
            return deploy(spec);
        }
        return running.deployment().map(ignored -> {
            running.verticle().run(partition -> partition.update(spec));
            return null;
        });
    }

    private Future<Void> deploy(PartitionSpec spec) {
        PartitionSlot slot = new PartitionSlot(spec.id(), addressPrefix + spec.id());
        PartitionVerticle verticle = new PartitionVerticle(spec, host, slot);
        Future<Void> before = ending.getOrDefault(spec.id(), Future.succeededFuture());
        Future<String> deployment = before.transform(ended -> vertx.deployVerticle(verticle));
        hosted.put(spec.id(), new HostedPartition(slot, verticle, deployment));
        return deployment.mapEmpty();
    }

    /** Undeploys a partition that moved away and closes its log. Unknown ones are no error. */
    public Future<Void> remove(PartitionId id) {
        return end(id, false);
    }

    /** Undeploys a partition whose topic was deleted and deletes its log. Unknown ones are no error. */
    public Future<Void> delete(PartitionId id) {
        return end(id, true);
    }

    private Future<Void> end(PartitionId id, boolean delete) {
        HostedPartition partition = hosted.remove(id);
        if (partition == null) {
            return ending.getOrDefault(id, Future.succeededFuture());
        }
        Future<Void> end = partition.deployment().compose(deploymentId -> end(partition, deploymentId, delete));
        ending.put(id, end);
        return end.onComplete(done -> ending.remove(id, end));
    }

    private Future<Void> end(HostedPartition partition, String deploymentId, boolean delete) {
        partition.slot().close();
        return partition.verticle().end(delete).eventually(() -> vertx.undeploy(deploymentId));
    }

    /**
     * Ends all partitions, closes their logs and stops the workers. The first failure to close a log is told after all have been
     * closed.
     */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        List<Future<Void>> ends = new ArrayList<>();
        for (PartitionId id : List.copyOf(hosted.keySet())) {
            ends.add(remove(id));
        }
        ends.addAll(ending.values());
        return Future.join(ends)
                .<Void>mapEmpty()
                .eventually(() -> vertx.executeBlocking(() -> {
                    compute.close();
                    disk.close();
                    return null;
                }));
    }
}
