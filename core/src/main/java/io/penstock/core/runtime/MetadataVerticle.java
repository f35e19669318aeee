package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.core.BrokerStartException;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.core.ClusterAdmin;
import io.penstock.core.LoggerLevels;
import io.penstock.core.metadata.BrokerImage;
import io.penstock.core.metadata.BrokerImage.HostPort;
import io.penstock.core.metadata.Decision;
import io.penstock.core.metadata.MetadataController;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogFullException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the cluster's metadata on one event loop: the log, the decisions, and what becomes of them on this broker. When its
 * deployment completes, the metadata is replayed and shown, and every partition of this broker is deployed.
 *
 * <p>{@link #image}, {@link #brokerConfig} and {@link #admin} are safe from any thread after the deployment.
 */
final class MetadataVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataVerticle.class);
    private static final long REGISTER_RETRY_MS = 5_000;

    private final BrokerConfig given;
    private final BrokerStorage storage;
    private final PartitionFleet fleet;
    private final DiskWorkers workers;
    private final Clock clock;
    private final LoggerLevels loggerLevels;
    private final ImageListener listener;
    private final Consumer<Throwable> onFailed;
    private final MetadataController controller = new MetadataController(Uuid::randomUuid);

    private @Nullable MetadataOwner owner;
    private volatile @Nullable MetadataPublisher published;
    private volatile @Nullable LocalClusterAdmin admin;

    /**
     * @param workers for the metadata log alone, so that it never waits behind partitions
     * @param listener follows what is shown
     * @param onFailed hears once that the metadata log failed
     */
    MetadataVerticle(
            BrokerConfig given,
            BrokerStorage storage,
            PartitionFleet fleet,
            DiskWorkers workers,
            Clock clock,
            LoggerLevels loggerLevels,
            ImageListener listener,
            Consumer<Throwable> onFailed) {
        this.given = given;
        this.storage = storage;
        this.fleet = fleet;
        this.workers = workers;
        this.clock = clock;
        this.loggerLevels = loggerLevels;
        this.listener = listener;
        this.onFailed = onFailed;
    }

    @Override
    public Future<?> start() {
        LogContext logContext = new LogContext(task -> context.runOnContext(turn -> task.run()), workers);
        MetadataLog log = storage.metadataLog(logContext, clock);
        Future<Void> started = Future.fromCompletionStage(log.open())
                .compose(image -> checkComplete(image).compose(checked -> begin(log, image)));
        return started.recover(failure -> close(log).transform(closed -> Future.failedFuture(failure)));
    }

    private Future<Void> begin(MetadataLog log, MetadataImage image) {
        checkIdentity(image);
        MetadataPublisher publisher = new MetadataPublisher(fleet, context, given, listener, this::forgetTopic);
        published = publisher;
        MetadataOwner started = new MetadataOwner(log, image, new DynamicConfig(given), publisher, onFailed);
        owner = started;
        admin = new LocalClusterAdmin(
                vertx, context, started, controller, publisher, new BrokerLoggers(given.nodeId(), loggerLevels));
        return register(started)
                .recover(failure -> failure instanceof LogFullException
                                && !image.clusterId().isEmpty()
                        ? startWithoutRegistering(started)
                        : Future.failedFuture(failure))
                .onSuccess(registered -> clearLeftovers(publisher.image()));
    }

    private Future<Void> register(MetadataOwner current) {
        return current.submit((known, config) -> controller.registerBroker(
                        known, registration(known), storage.clusterId(), storage.mayHaveLostRecords()))
                .mapEmpty();
    }

    /** A disk that is full must not keep records from their readers: shows what is known, and registers when there is room. */
    private Future<Void> startWithoutRegistering(MetadataOwner current) {
        LOGGER.warn("No disk space to register the broker in the metadata; it serves what it has and tries again");
        registerLater(current);
        return current.submit((known, config) -> Decision.unchanged(known.offset()))
                .mapEmpty();
    }

    private void registerLater(MetadataOwner current) {
        vertx.setTimer(
                REGISTER_RETRY_MS,
                timer -> register(current)
                        .onSuccess(registered -> LOGGER.info("The broker is registered in the metadata"))
                        .onFailure(failure -> {
                            if (failure instanceof LogFullException) {
                                registerLater(current);
                            }
                        }));
    }

    private void clearLeftovers(MetadataImage image) {
        new LeftoverLogs(storage.logs(), fleet.diskWorkers(), id -> context.runOnContext(turn -> forgetTopic(id)))
                .clear(image);
    }

    private static Future<Void> close(MetadataLog log) {
        return Future.fromCompletionStage(log.close());
    }

    /** A journal without a record beside logs of topics was lost, not new: to begin anew would make orphans of them all. */
    private Future<Void> checkComplete(MetadataImage image) {
        if (image.offset() > 0 || storage.isNew()) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> storage.logs().list().stream().anyMatch(PartitionSpecs::isPartitionLog))
                .compose(hasLogs -> hasLogs
                        ? Future.failedFuture(new BrokerStartException(
                                Kind.FAILURE,
                                "the metadata is gone, but logs of topics are there: restore " + MetadataJournal.LOG_ID
                                        + " in the data directory"))
                        : Future.succeededFuture());
    }

    private void checkIdentity(MetadataImage image) {
        if (!image.clusterId().isEmpty() && !image.clusterId().equals(storage.clusterId())) {
            throw new BrokerStartException(
                    Kind.FAILURE,
                    "the metadata is that of cluster " + image.clusterId() + ", the data directory that of "
                            + storage.clusterId());
        }
        if (!image.brokers().isEmpty() && image.broker(given.nodeId()) == null) {
            throw new BrokerStartException(
                    Kind.BAD_CONFIGURATION,
                    "node.id is " + given.nodeId() + ", but the data belongs to node "
                            + image.brokers().get(0).nodeId());
        }
    }

    private BrokerRegistered registration(MetadataImage known) {
        BrokerImage before = known.broker(given.nodeId());
        Map<String, HostPort> advertised = new HashMap<>();
        given.listeners()
                .forEach(listener -> given.advertised(listener.name())
                        .ifPresent(address ->
                                advertised.put(listener.name(), new HostPort(address.host(), address.port()))));
        return new BrokerRegistered(
                given.nodeId(),
                before == null ? 0 : before.epoch() + 1,
                false,
                given.find(BrokerSettings.BROKER_RACK).orElse(null),
                advertised);
    }

    private void forgetTopic(Uuid id) {
        MetadataOwner current = owner;
        if (current != null) {
            current.submit((image, config) -> controller.forgetTopics(image, List.of(id)));
        }
    }

    MetadataImage image() {
        MetadataPublisher current = published;
        return current == null ? MetadataImage.EMPTY : current.image();
    }

    BrokerConfig brokerConfig() {
        MetadataPublisher current = published;
        return current == null ? given : current.config();
    }

    ClusterAdmin admin() {
        ClusterAdmin current = admin;
        if (current == null) {
            throw new IllegalStateException("the metadata is not there yet");
        }
        return current;
    }

    /** Takes no more changes and completes when those under way are answered. Safe from any thread. */
    Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(turn -> {
            MetadataOwner current = owner;
            if (current == null) {
                drained.complete();
            } else {
                current.drain().onComplete(drained);
            }
        });
        return drained.future();
    }

    /** Closes the log; partitions must have ended, since they may still say what they deleted. */
    @Override
    public Future<?> stop() {
        MetadataOwner current = owner;
        return current == null ? Future.succeededFuture() : current.drain().compose(drained -> current.close());
    }
}
