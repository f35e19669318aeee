package io.penstock.storage.chronicle;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a disk thread with a long stretch of work in memory give its processor back every now and then. It takes none from the event
 * loops while there is one to spare; but where there are only a few, the scheduler lets it run for milliseconds once it has one, and
 * an event loop that has just been woken waits for so long.
 *
 * <p>For one stretch of work of one thread. In the whole process {@value #MAX_PAUSING} at a time pause, so that pauses never use up the
 * disk threads: the others do their work without.
 */
final class Breather implements AutoCloseable {
    private static final long WORK_NS = 50_000;
    private static final long PAUSE_NS = 50_000;
    private static final int MAX_PAUSING = 2;
    private static final Semaphore PAUSING = new Semaphore(MAX_PAUSING);

    private final boolean mayPause;
    private long leftNs;
    private long workingSinceNs = System.nanoTime();

    /** @param spareNs how long all pauses together may be */
    Breather(long spareNs) {
        leftNs = spareNs;
        mayPause = spareNs >= PAUSE_NS && PAUSING.tryAcquire();
    }

    /** Whether it is worthwhile to work in small steps. */
    boolean hasTime() {
        return mayPause && leftNs > 0;
    }

    /** To be called between two steps. */
    void breathe() {
        long nowNs = System.nanoTime();
        if (!hasTime() || nowNs - workingSinceNs < WORK_NS) {
            return;
        }
        LockSupport.parkNanos(PAUSE_NS);
        workingSinceNs = System.nanoTime();
        leftNs -= workingSinceNs - nowNs;
    }

    @Override
    public void close() {
        if (mayPause) {
            PAUSING.release();
        }
    }
}
