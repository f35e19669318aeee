package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Disk work of one log that must happen one thing after the other, in the order asked for. Owned by the log's owner; stages complete
 * there.
 *
 * <p>Bounded by its callers: each kind of work is asked for again only when the last one is done. When the disk executor is full the
 * work waits here and is offered again.
 */
final class DiskLane {
    private static final long RETRY_MS = 20;

    private final Executor owner;
    private final Executor disk;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    DiskLane(LogContext context) {
        this.owner = context.owner();
        this.disk = context.disk();
    }

    /** Runs {@code work} after all that was asked for before, whether that failed or not. */
    <T extends @Nullable Object> CompletionStage<T> run(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        waiting.add(() -> call(work, done));
        if (!running) {
            running = true;
            startNext();
        }
        return done;
    }

    Executor owner() {
        return owner;
    }

    /** For work in no order. */
    Executor disk() {
        return disk;
    }

    private void startNext() {
        Runnable next = waiting.poll();
        if (next == null) {
            running = false;
            return;
        }
        try {
            disk.execute(next);
        } catch (RejectedExecutionException full) {
            waiting.addFirst(next);
            CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> owner.execute(this::startNext));
        }
    }

    private <T extends @Nullable Object> void call(Callable<T> work, CompletableFuture<T> done) {
        try {
            T value = work.call();
            finish(() -> done.complete(value));
        } catch (Exception | InternalError | OutOfMemoryError e) {
            // A write of a buffer on the heap needs memory outside of it. Whatever happens, the lane goes on and
            // somebody is told.
            finish(() -> done.completeExceptionally(e));
        }
    }

    private void finish(Runnable complete) {
        owner.execute(() -> {
            // First what follows on the disk, so that what the stage starts comes after it.
            startNext();
            complete.run();
        });
    }
}
