package io.penstock.core.runtime;

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
 * Gives one coordinator its event loop. Deployed and undeployed by a {@link ShardFleet}; loads as soon as it is deployed. Questions
 * come from any thread, at most {@value #MAX_WAITING} at a time.
 *
 * @param <L> the coordinator
 * @param <S> its shard
 */
final class CoordinatorVerticle<L extends CoordinatorVerticle.Live<S>, S> extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorVerticle.class);
    private static final int MAX_WAITING = 10_000;

    private final PartitionId partition;
    private final Birth<L> birth;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile int maxBatchBytes;
    /** Before that there is no context to tell anything on; the coordinator begins with what is known then. */
    private volatile boolean isStarted;

    private @Nullable L live;

    /** A coordinator of one partition. Owned by the verticle's event loop. */
    interface Live<S> {
        /** Loads for the first time. */
        void start();

        /** Asks; the answer comes now or later. */
        void handle(CoordinatorCall<S> call);

        /** The partition takes batches of another size from now on. */
        void onMaxBatchBytes(int bytes);

        /** The broker is about to stop: nobody may wait long any more. */
        void drain();

        /** Ends the coordinator: everybody who waits is told to look for another. */
        void end();
    }

    /** Makes the coordinator, on its event loop. */
    @FunctionalInterface
    interface Birth<L> {
        L make(int maxBatchBytes, Executor owner, Timers timers);
    }

    CoordinatorVerticle(PartitionId partition, int maxBatchBytes, Birth<L> birth) {
        this.partition = partition;
        this.maxBatchBytes = maxBatchBytes;
        this.birth = birth;
    }

    @Override
    public Future<?> start() {
        isStarted = true;
        Executor owner = task -> context.runOnContext(turn -> task.run());
        L coordinator = birth.make(maxBatchBytes, owner, this::after);
        live = coordinator;
        coordinator.start();
        return Future.succeededFuture();
    }

    private Timers.Timer after(long delayMs, Runnable task) {
        long timer = vertx.setTimer(delayMs, fired -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    /** Takes a question. Call it after the deployment; safe from any thread. */
    void handle(CoordinatorCall<S> call) {
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

    private void guard(L coordinator, CoordinatorCall<S> call) {
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
            tell(coordinator -> coordinator.onMaxBatchBytes(bytes));
        }
    }

    /** Tells the coordinator something; one that is yet to be made is not told. Safe from any thread. */
    void tell(Consumer<L> what) {
        if (isStarted) {
            run(what);
        }
    }

    private void run(Consumer<L> task) {
        context.runOnContext(turn -> {
            L coordinator = live;
            if (coordinator != null) {
                task.accept(coordinator);
            }
        });
    }

    /** Vert.x undeploys: everybody who waits is told to look for another coordinator. */
    @Override
    public Future<?> stop() {
        L coordinator = live;
        if (coordinator != null) {
            coordinator.end();
        }
        return Future.succeededFuture();
    }
}
