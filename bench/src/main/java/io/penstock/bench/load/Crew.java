package io.penstock.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one load, that of its maker among them. The first one that fails ends all others, which would wait for ever for what it owes
 * them. Used by the thread that made it.
 */
final class Crew {
    private final Thread maker = Thread.currentThread();
    private final List<Thread> others = new ArrayList<>();
    private final List<CompletableFuture<Void>> ends = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    /** Work on a socket. Ends when its thread is interrupted. */
    interface IoTask {
        void run() throws IOException, InterruptedException;
    }

    /** Starts a thread that runs until its task ends. */
    void start(String name, IoTask task) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> attempt(task, end), name);
        thread.setDaemon(true);
        others.add(thread);
        ends.add(end);
        thread.start();
    }

    private void attempt(IoTask task, CompletableFuture<Void> end) {
        try {
            task.run();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (firstFailure.compareAndSet(null, e)) {
                maker.interrupt();
            }
        } finally {
            end.complete(null);
        }
    }

    /** Does the maker's own task, then waits for the end of all others; throws what the first that failed has thrown. */
    void finish(IoTask own) throws IOException, InterruptedException {
        try {
            own.run();
            for (Thread other : others) {
                other.join();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            firstFailure.compareAndSet(null, e);
            stopOthers();
        }
        Throwable failure = firstFailure.get();
        if (failure != null) {
            // Else the interruption that told of the failure would hit whatever this thread does next.
            Thread.interrupted();
            rethrow(failure);
        }
    }

    private void stopOthers() {
        others.forEach(Thread::interrupt);
        // Not interrupted by one that fails at the same moment, as a join of the threads would be.
        ends.forEach(CompletableFuture::join);
    }

    private static void rethrow(Throwable failure) throws IOException, InterruptedException {
        if (failure instanceof IOException broken) {
            throw broken;
        }
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
