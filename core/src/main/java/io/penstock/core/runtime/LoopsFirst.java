package io.penstock.core.runtime;

import io.penstock.storage.linux.ThreadScheduling;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Has event loops run as soon as they are woken where there are more threads than processors: the others (compilers, collections, disk
 * threads, clients on the same machine) wait a moment instead, and lose nothing by it. Without state.
 */
final class LoopsFirst {
    /** What is needed is loaded when whoever has waited for the start is served: no start takes longer for it. */
    static final long DELAY_MS = 2_000;

    private LoopsFirst() {}

    /** For all event loops of {@code vertx}, so long after now. */
    static void ask(Vertx vertx, Executor workers, long delayMs) {
        vertx.setTimer(delayMs, due -> {
            tryToExecute(workers, () -> {
                if (ThreadScheduling.load()) {
                    Iterable<? extends Executor> loops = ((VertxInternal) vertx).nettyEventLoopGroup();
                    for (Executor loop : loops) {
                        tryToExecute(loop, ThreadScheduling::runSoonWhenWoken);
                    }
                }
            });
        });
    }

    private static void tryToExecute(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // The workers are busy, or the broker has stopped. Event loops go on as any other thread.
        }
    }
}
