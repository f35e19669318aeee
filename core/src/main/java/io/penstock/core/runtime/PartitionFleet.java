package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All partitions that one broker runs in this process: deploys, updates and undeploys their verticles, and routes to them.
 *
 * <p>Safe from any thread: changes are made one after another on a context of the fleet's own. Calls of one thread for one
 * partition take effect in their order, so the futures need not be waited for; they complete on the caller's context. The log
 * store must outlive the fleet.
 */
public final class PartitionFleet {
    private static final long TICK_MS = 1_000;
    private static final int MAX_WAITING_DISK_TASKS = 100_000;
    private static final int MAX_WAITING_VALIDATIONS = 10_000;
    /** Above any sensible {@code log.cleaner.threads}, which may change at run time. */
    private static final int MAX_CLEANER_THREADS = 64;

    private final Vertx vertx;
    /** Belongs to no verticle: what is deployed from here is nobody's child, and ends only when the fleet ends it. */
    private final ContextInternal context;

    private final DiskWorkers disk;
    private final DiskWorkers compute;
    private final DiskWorkers cleaners;
    private final PartitionHost host;
    private final String addressPrefix = "penstock/" + UUID.randomUUID() + "/";
    private final ConcurrentMap<PartitionId, HostedPartition> hosted = new ConcurrentHashMap<>();
    /** Partitions whose files are not let go yet: they must be before the same partition is deployed again. Own context only. */
    private final Map<PartitionId, Future<Void>> ending = new HashMap<>();

    private final EventBusRouter router;
    private final RetentionRound retention;
    private final CleanerRound cleaner;
    private final long timer;
    private volatile boolean isClosing;

    /**
     * Starts without partitions.
     *
     * @param topics looks topics up in the newest metadata, for answers about partitions that are not here
     * @param diskThreads threads that may wait for the disk
     * @param cleanerSettings how logs are compacted, now
     * @param admissions whom partitions ask about transactions
     */
    public PartitionFleet(
            Vertx vertx,
            int nodeId,
            LogStore store,
            Function<Uuid, @Nullable TopicImage> topics,
            Clock clock,
            PartitionLimits limits,
            PartitionMetrics metrics,
            int diskThreads,
            Supplier<CleanerSettings> cleanerSettings,
            TransactionAdmissions admissions) {
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.disk = new DiskWorkers("penstock-disk", diskThreads, MAX_WAITING_DISK_TASKS);
        this.compute = new DiskWorkers(
                "penstock-validate", Runtime.getRuntime().availableProcessors(), MAX_WAITING_VALIDATIONS);
        this.cleaners = DiskWorkers.inBackground("penstock-cleaner", MAX_CLEANER_THREADS);
        this.host = PartitionHost.create(nodeId, store, disk, compute, clock, limits, metrics, admissions);
        ByReferenceCodec.registerOn(vertx.eventBus());
        this.router = new EventBusRouter(vertx, hosted, topics);
        this.retention = new RetentionRound(hosted.values(), limits, TICK_MS);
        this.cleaner = new CleanerRound(
                host.openLogs(),
                cleanerSettings,
                task -> context.runOnContext(ignored -> task.run()),
                cleaners,
                clock,
                metrics);
        this.timer = context.setPeriodic(TICK_MS, ignored -> tick());
        tickCleanerIn(CleanerRound.MIN_TICK_MS);
    }

    /** Each tick orders the next: how often depends on a setting that may change meanwhile. */
    private void tickCleanerIn(long delayMs) {
        context.setTimer(delayMs, ignored -> {
            if (!isClosing) {
                cleaner.tick();
                tickCleanerIn(cleaner.nextTickMs());
            }
        });
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
        return inOrder(() -> applyNow(spec));
    }

    private Future<Void> applyNow(PartitionSpec spec) {
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
        Future<Void> before = ending.getOrDefault(spec.id(), context.succeededFuture());
        Future<String> deployment = before.transform(ended -> deploy(verticle));
        hosted.put(spec.id(), new HostedPartition(slot, verticle, deployment));
        return deployment.mapEmpty();
    }

    private Future<String> deploy(PartitionVerticle verticle) {
        PromiseInternal<String> deployed = context.promise();
        context.execute(() -> vertx.deployVerticle(verticle).onComplete(deployed));
        return deployed.future();
    }

    /** Undeploys a partition that moved away and closes its log. Unknown ones are no error. */
    public Future<Void> remove(PartitionId id) {
        return inOrder(() -> end(id, false));
    }

    /**
     * Undeploys a partition whose topic was deleted and deletes its log. Unknown ones are no error. Requests that are made after this
     * call do not reach it any more.
     */
    public Future<Void> delete(PartitionId id) {
        HostedPartition partition = hosted.get(id);
        if (partition != null) {
            // Nobody waits for the end itself: whoever hears that the topic is gone must not find it there.
            partition.slot().close();
        }
        return inOrder(() -> end(id, true));
    }

    private Future<Void> end(PartitionId id, boolean delete) {
        HostedPartition partition = hosted.remove(id);
        if (partition == null) {
            return ending.getOrDefault(id, context.succeededFuture());
        }
        PromiseInternal<Void> ended = context.promise();
        ending.put(id, ended.future());
        partition
                .deployment()
                .compose(deploymentId -> end(partition, deploymentId, delete))
                .onComplete(ended);
        return ended.future().onComplete(done -> ending.remove(id, ended.future()));
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
        isClosing = true;
        return inOrder(this::endAll)
                .eventually(() -> vertx.executeBlocking(() -> {
                    compute.close();
                    cleaners.close();
                    disk.close();
                    return null;
                }));
    }

    private Future<Void> endAll() {
        for (PartitionId id : List.copyOf(hosted.keySet())) {
            var unused = end(id, false); // is among those that are ending
        }
        return Future.join(List.copyOf(ending.values())).mapEmpty();
    }

    /** Runs a change on the fleet's own context, after those that were asked for before. */
    private Future<Void> inOrder(Supplier<Future<Void>> change) {
        PromiseInternal<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> change.get().onComplete(done));
        return done.future();
    }
}
