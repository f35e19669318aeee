package io.penstock.core.runtime;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives one {@link LivePartition} its event loop and its address on the event bus. Deployed and undeployed by
 * {@link PartitionFleet}; opens no file until a command needs it.
 */
final class PartitionVerticle extends VerticleBase {
    private final PartitionSpec spec;
    private final PartitionHost host;
    private final PartitionSlot slot;
    private @Nullable LivePartition live;
    private @Nullable Future<Void> ended;

    PartitionVerticle(PartitionSpec spec, PartitionHost host, PartitionSlot slot) {
        this.spec = spec;
        this.host = host;
        this.slot = slot;
    }

    @Override
    public Future<?> start() {
        Executor owner = task -> context.runOnContext(ignored -> task.run());
        LivePartition partition = new LivePartition(spec, host, owner, this::after);
        live = partition;
        vertx.eventBus().<PartitionCommand>localConsumer(slot.address(), message -> partition.handle(message.body()));
        slot.open();
        return Future.succeededFuture();
    }

    private Timers.Timer after(long delayMs, Runnable task) {
        long timer = vertx.setTimer(delayMs, ignored -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    /** Runs a task with the partition on its event loop. Call it after the deployment; safe from any thread. */
    void run(Consumer<LivePartition> task) {
        Context owner = context;
        owner.runOnContext(ignored -> {
            LivePartition partition = live;
            if (partition != null) {
                task.accept(partition);
            }
        });
    }

    /** Ends the partition; the slot must be closed. Safe from any thread. The future completes when the files are let go. */
    Future<Void> end(boolean delete) {
        Promise<Void> done = Promise.promise();
        run(partition -> endNow(partition, delete).onComplete(done));
        return done.future();
    }

    private Future<Void> endNow(LivePartition partition, boolean delete) {
        Future<Void> already = ended;
        if (already != null) {
            return already;
        }
        Future<Void> ending = Future.fromCompletionStage(partition.end(delete));
        ended = ending;
        return ending;
    }

    /** Vert.x undeploys: answers what is queued behind this turn too, then lets go. */
    @Override
    public Future<?> stop() {
        LivePartition partition = live;
        slot.close();
        if (partition == null) {
            return Future.succeededFuture();
        }
        Promise<Void> drained = Promise.promise();
        context.runOnContext(ignored -> drained.complete());
        return Future.join(endNow(partition, false), drained.future());
    }
}
