package io.penstock.core.runtime;

import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one {@link LiveCoordinator} its event loop. Deployed and undeployed by {@link CoordinatorFleet}; loads as soon as it is
 * deployed. Questions come from any thread, at most {@value #MAX_WAITING} at a time.
 */
final class CoordinatorVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorVerticle.class);
    private static final int MAX_WAITING = 10_000;

    private final PartitionId partition;
    private final CoordinatorHost host;
    private final Consumer<CoordinatorShard> onLoaded;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile int maxBatchBytes;
    private volatile TopicCatalog topics;
    /** Before that there is no context to tell anything on; the coordinator begins with what is known then. */
    private volatile boolean isStarted;

    private @Nullable LiveCoordinator live;

    CoordinatorVerticle(
            PartitionId partition,
            int maxBatchBytes,
            TopicCatalog topics,
            CoordinatorHost host,
            Consumer<CoordinatorShard> onLoaded) {
        this.partition = partition;
        this.maxBatchBytes = maxBatchBytes;
        this.topics = topics;
        this.host = host;
        this.onLoaded = onLoaded;
    }

    @Override
    public Future<?> start() {
        Executor owner = task -> context.runOnContext(turn -> task.run());
        LiveCoordinator coordinator =
                new LiveCoordinator(partition, maxBatchBytes, topics, host, owner, this::after, onLoaded);
        live = coordinator;
        isStarted = true;
        coordinator.start();
        return Future.succeededFuture();
    }

    private Timers.Timer after(long delayMs, Runnable task) {
        long timer = vertx.setTimer(delayMs, fired -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    /** Takes a question. Call it after the deployment; safe from any thread. */
    void handle(CoordinatorCall call) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            call.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            return;
        }
        try {
            run(coordinator -> {
                waiting.decrementAndGet();
                guard(coordinator, call);
            });
        } catch (RejectedExecutionException e) {
            call.refuse(Errors.NOT_COORDINATOR); // the event loop has been shut down
        }
    }

    private void guard(LiveCoordinator coordinator, CoordinatorCall call) {
        try {
            coordinator.handle(call);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("partition", partition.index())
                    .setCause(e)
                    .log("Unexpected failure of a coordinator");
        }
    }

    /** The partition takes batches of another size. Safe from any thread. */
    void onMaxBatchBytes(int bytes) {
        if (bytes != maxBatchBytes) {
            maxBatchBytes = bytes;
            run(coordinator -> coordinator.onMaxBatchBytes(bytes));
        }
    }

    /** The cluster has other topics. Safe from any thread. */
    void onTopics(TopicCatalog newTopics, boolean hasNewOnes) {
        topics = newTopics;
        if (isStarted) {
            run(coordinator -> coordinator.onTopics(newTopics, hasNewOnes));
        }
    }

    /** A topic is gone. Safe from any thread. */
    void onTopicDeleted(DeletedTopic topic) {
        run(coordinator -> coordinator.onTopicDeleted(topic));
    }

    /** Nobody may wait long any more. Safe from any thread. */
    void drain() {
        run(LiveCoordinator::drain);
    }

    private void run(Consumer<LiveCoordinator> task) {
        context.runOnContext(turn -> {
            LiveCoordinator coordinator = live;
            if (coordinator != null) {
                task.accept(coordinator);
            }
        });
    }

    /** Vert.x undeploys: everybody who waits is told to look for another coordinator. */
    @Override
    public Future<?> stop() {
        LiveCoordinator coordinator = live;
        if (coordinator != null) {
            coordinator.end();
        }
        return Future.succeededFuture();
    }
}
