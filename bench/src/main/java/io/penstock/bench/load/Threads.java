package io.penstock.bench.load;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Threads of a load, and waiting to the microsecond. */
final class Threads {
    /** Below this a thread spins, because a park takes about as long as what we measure. */
    private static final long SPIN_NS = 100_000;

    private Threads() {}

    /** Work on a socket. */
    interface IoTask {
        void run() throws IOException, InterruptedException;
    }

    /** A thread that runs until its task ends. */
    static Thread start(String name, IoTask task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(name + " failed: " + e.getMessage(), e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void awaitNs(long deadlineNs) {
        for (long left = deadlineNs - System.nanoTime(); left > 0; left = deadlineNs - System.nanoTime()) {
            if (left > SPIN_NS) {
                LockSupport.parkNanos(left - SPIN_NS / 2);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
