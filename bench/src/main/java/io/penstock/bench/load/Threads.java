package io.penstock.bench.load;

import java.util.concurrent.locks.LockSupport;

/** Waiting to the microsecond. */
final class Threads {
    /** Below this a thread spins, because a park takes about as long as what we measure. */
    private static final long SPIN_NS = 100_000;

    private Threads() {}

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
