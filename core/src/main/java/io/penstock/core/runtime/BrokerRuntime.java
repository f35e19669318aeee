package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.CoordinatorSettings;
import io.penstock.config.LogSettings;
import io.penstock.core.BrokerKernel;
import io.penstock.core.BrokerStartException;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.core.BrokerState;
import io.penstock.core.ClusterAdmin;
import io.penstock.core.GroupCoordinator;
import io.penstock.core.LoggerLevels;
import io.penstock.core.PartitionRouter;
import io.penstock.core.TransactionCoordinator;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.partition.TransactionGate;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker of this process, without its sockets: takes hold of the data, replays the metadata, deploys the partitions, and lets
 * go of all that in the opposite order. Starts once and stops once. Safe from any thread.
 *
 * <pre>
 * start  storage (lock, files) ─► partition fleet ─► metadata verticle: journal, image, partitions, coordinators ─► READY
 * stop   no more changes ─► coordinators end ─► partitions end, logs close ─► metadata log closes ─► storage closes, lock let go
 * </pre>
 */
public final class BrokerRuntime implements BrokerKernel {
    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerRuntime.class);
    /** An in-memory broker keeps records in at most this part of the heap: the rest is for whoever embeds it. */
    private static final int MEMORY_SHARE = 4;

    private static final int METADATA_THREADS = 1;
    private static final int METADATA_MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final BrokerConfig config;
    private final LoggerLevels loggerLevels;
    private final PartitionMetrics metrics;
    private final Clock clock = Clock.SYSTEM;

    private volatile BrokerState state = BrokerState.STARTING;
    private volatile @Nullable Throwable metadataFailure;
    private volatile @Nullable Parts parts;
    private final AtomicReference<@Nullable Future<BrokerRuntime>> starting = new AtomicReference<>();
    private final AtomicReference<@Nullable Future<Void>> stopping = new AtomicReference<>();

    /** What a start takes hold of, in this order. */
    private record Parts(
            BrokerStorage storage,
            PartitionFleet fleet,
            CoordinatorFleet coordinators,
            TransactionFleet transactionFleet,
            DiskWorkers metadataWorkers,
            MetadataVerticle metadata,
            GroupCoordinator groups,
            TransactionCoordinator transactions,
            TransactionGate gate) {}

    private BrokerRuntime(Vertx vertx, BrokerConfig config, LoggerLevels loggerLevels, PartitionMetrics metrics) {
        this.vertx = vertx;
        this.config = config;
        this.loggerLevels = loggerLevels;
        this.metrics = metrics;
    }

    /**
     * A broker that has not started.
     *
     * @param config what it was configured to do; settings changed at run time are read from its own metadata
     */
    public static BrokerRuntime create(
            Vertx vertx, BrokerConfig config, LoggerLevels loggerLevels, PartitionMetrics metrics) {
        return new BrokerRuntime(vertx, config, loggerLevels, metrics);
    }

    /**
     * Loads the classes that a broker with data on disk needs first, which otherwise adds to its start. For a thread that has nothing
     * else to do while the rest of a process starts: blocks for half a second, and does no harm if no such broker follows.
     */
    public static void warmUp() {
        DirectoryStorage.warmUp();
    }

    /**
     * Starts. Completes when requests are served; fails with {@link BrokerStartException} after having let go of everything.
     */
    public Future<BrokerRuntime> start() {
        Promise<BrokerRuntime> promise = Promise.promise();
        if (!starting.compareAndSet(null, promise.future())) {
            return Future.failedFuture(new IllegalStateException("this broker has been started before"));
        }
        startNow().onComplete(promise);
        return promise.future();
    }

    private Future<BrokerRuntime> startNow() {
        long startNs = clock.monotonicNs();
        return blocking(() -> openStorage(config))
                .compose(this::startOn)
                .map(deploymentId -> {
                    state = BrokerState.READY;
                    if (config.get(BrokerSettings.EVENT_LOOPS_FIRST)) {
                        LoopsFirst.ask(vertx, started().fleet().diskWorkers(), LoopsFirst.DELAY_MS);
                    }
                    LOGGER.atInfo()
                            .addKeyValue("nodeId", nodeId())
                            .addKeyValue("clusterId", metadata().clusterId())
                            .addKeyValue("topics", metadata().topics().size())
                            .addKeyValue("elapsedMs", TimeUnit.NANOSECONDS.toMillis(clock.monotonicNs() - startNs))
                            .log("Broker is ready");
                    return this;
                })
                .recover(failure -> {
                    state = BrokerState.STOPPED;
                    return Future.failedFuture(asStartException(failure));
                });
    }

    private static BrokerStorage openStorage(BrokerConfig config) {
        if (config.get(BrokerSettings.STORE).equals("memory")) {
            return new MemoryStorage(Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
        }
        return DirectoryStorage.open(config.logDirs().get(0), config.nodeId());
    }

    private Future<String> startOn(BrokerStorage storage) {
        state = BrokerState.RECOVERING;
        DiskWorkers workers = new DiskWorkers("penstock-metadata", METADATA_THREADS, METADATA_MAX_WAITING);
        TransactionAdmissions admissions = new TransactionAdmissions(
                (claim, producerId, producerEpoch, topicName, partition, reply) ->
                        started().gate().admit(claim, producerId, producerEpoch, topicName, partition, reply),
                () -> config().get(CoordinatorSettings.TRANSACTION_PARTITION_VERIFICATION));
        PartitionFleet fleet = new PartitionFleet(
                vertx,
                nodeId(),
                storage.logs(),
                id -> metadata().topic(id),
                clock,
                limits(),
                metrics,
                config.get(BrokerSettings.DISK_THREADS),
                () -> CleanerSettings.of(config()),
                admissions);
        CoordinatorFleet coordinators = new CoordinatorFleet(vertx, nodeId(), coordinatorHost(fleet));
        TransactionFleet transactionFleet = new TransactionFleet(vertx, nodeId(), transactionHost(fleet));
        MetadataVerticle metadata = new MetadataVerticle(
                config,
                storage,
                fleet,
                workers,
                clock,
                loggerLevels,
                (before, after, current) -> Future.join(
                                coordinators.onImage(before, after, current), transactionFleet.onImage(after, current))
                        .mapEmpty(),
                this::onMetadataFailed);
        GroupCoordinator groups = new LocalGroupCoordinator(
                vertx,
                coordinators,
                metadata::image,
                InternalTopic.ofGroups(metadata::admin, config),
                new StreamsTopics(request -> metadata.admin().createTopics(request), clock),
                CoordinatorHost.settings(config),
                admissions);
        TransactionCoordinator transactions = new LocalTransactionCoordinator(
                vertx,
                transactionFleet,
                InternalTopic.ofTransactions(metadata::admin, config),
                metadata::image,
                groups::coordinatorOf,
                clock,
                TransactionHost.settings(config));
        parts = new Parts(
                storage,
                fleet,
                coordinators,
                transactionFleet,
                workers,
                metadata,
                groups,
                transactions,
                new CoordinatorGate(transactionFleet, metadata::image));
        return vertx.deployVerticle(metadata)
                .recover(failure -> transactionFleet
                        .close()
                        .eventually(coordinators::close)
                        .eventually(fleet::close)
                        .transform(closed -> release(storage, workers, false))
                        .transform(released -> Future.failedFuture(failure)));
    }

    private CoordinatorHost coordinatorHost(PartitionFleet fleet) {
        return CoordinatorHost.of(config, fleet, clock, this::metadata);
    }

    private TransactionHost transactionHost(PartitionFleet fleet) {
        return TransactionHost.of(
                config,
                fleet,
                clock,
                this::metadata,
                () -> admin().nextProducerId(),
                (partition, marker) -> groups().endTransaction(partition, marker));
    }

    private PartitionLimits limits() {
        PartitionLimits base = PartitionLimits.DEFAULT;
        return new PartitionLimits(
                base.maxWaitingCommands(),
                base.maxPendingAcks(),
                base.maxParkedFetches(),
                base.maxColdReadsPerPartition(),
                base.maxColdReads(),
                base.maxConcurrentOpens(),
                base.maxOpenLogs(),
                base.idleCloseMs(),
                base.inlineWorkBytes(),
                base.reopenMinMs(),
                base.reopenMaxMs(),
                retentionIntervalMs(),
                base.closedRetentionIntervalMs());
    }

    /** One look finds old records and idle producers, so it is taken as often as either asks for. */
    private long retentionIntervalMs() {
        return Math.min(
                config.get(LogSettings.RETENTION_CHECK_INTERVAL_MS),
                config.get(LogSettings.PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS));
    }

    private void onMetadataFailed(Throwable failure) {
        metadataFailure = failure;
    }

    private static BrokerStartException asStartException(Throwable failure) {
        return failure instanceof BrokerStartException known
                ? known
                : new BrokerStartException(
                        Kind.FAILURE, "the broker could not start: " + failure.getMessage(), failure);
    }

    /**
     * Stops: takes no more changes, closes every log, lets go of the data; waits for a start that is under way. Completes when all
     * is let go; fails with the first thing that could not be closed, after having closed the rest. A broker that does not run has
     * nothing to stop.
     */
    public Future<Void> stop() {
        Future<BrokerRuntime> started = starting.get();
        if (started == null) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        if (stopping.compareAndSet(null, promise.future())) {
            started.transform(settled -> settled.succeeded() ? stopNow() : Future.<Void>succeededFuture())
                    .onComplete(promise);
        }
        Future<Void> stopped = stopping.get();
        return stopped == null ? promise.future() : stopped;
    }

    private Future<Void> stopNow() {
        Parts running = started();
        state = BrokerState.DRAINING;
        Future<Void> drained = running.metadata().drain().timeout(drainTimeoutMs(), TimeUnit.MILLISECONDS);
        Future<Void> ended = drained.eventually(() -> running.transactionFleet().close())
                .eventually(() -> running.coordinators().close())
                .eventually(() -> running.fleet().close());
        Future<Void> closed =
                ended.eventually(() -> vertx.undeploy(running.metadata().deploymentID()));
        return closed.transform(result -> release(running.storage(), running.metadataWorkers(), result.succeeded())
                        .transform(released -> firstFailure(result, released)))
                .onComplete(done -> state = BrokerState.STOPPED);
    }

    /**
     * Sends members of groups away who wait for others, and whoever would have to wait from now on, so that a frontend which closes
     * its connections need not wait for them. To be called before {@link #stop}; a broker that does not run has nobody waiting.
     */
    public void releaseWaiting() {
        Parts running = parts;
        if (running != null) {
            running.coordinators().drain();
            running.transactionFleet().drain();
        }
    }

    private static Future<Void> firstFailure(AsyncResult<?> first, AsyncResult<?> second) {
        if (first.succeeded() && second.succeeded()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(first.failed() ? first.cause() : second.cause());
    }

    private long drainTimeoutMs() {
        return Math.max(1, config.get(BrokerSettings.DRAIN_TIMEOUT_MS));
    }

    private Future<Void> release(BrokerStorage storage, DiskWorkers workers, boolean inOrder) {
        return blocking(() -> {
            workers.close();
            storage.close(inOrder);
            return null;
        });
    }

    private <T extends @Nullable Object> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    /** How far the broker is. */
    public BrokerState state() {
        return state;
    }

    /** What the broker cannot do although it runs; empty if all is well. */
    public Optional<String> impairment() {
        return Optional.ofNullable(metadataFailure)
                .map(failure -> "the metadata log failed, so nothing can be changed: " + failure.getMessage());
    }

    /** This broker's configuration, with what was changed at run time. */
    public BrokerConfig config() {
        Parts known = parts;
        return known == null ? config : known.metadata().brokerConfig();
    }

    @Override
    public int nodeId() {
        return config.nodeId();
    }

    @Override
    public MetadataImage metadata() {
        Parts known = parts;
        return known == null ? MetadataImage.EMPTY : known.metadata().image();
    }

    @Override
    public PartitionRouter partitions() {
        return started().fleet().router();
    }

    @Override
    public ClusterAdmin admin() {
        return started().metadata().admin();
    }

    @Override
    public GroupCoordinator groups() {
        return started().groups();
    }

    @Override
    public TransactionCoordinator transactions() {
        return started().transactions();
    }

    private Parts started() {
        Parts known = parts;
        if (known == null) {
            throw new IllegalStateException("the broker has not started");
        }
        return known;
    }
}
