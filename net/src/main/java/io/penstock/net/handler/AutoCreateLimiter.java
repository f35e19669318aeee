package io.penstock.net.handler;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how fast topics come into being because somebody asked for them, so that a client with random names cannot fill the
 * broker. A bucket of ten seconds' worth that refills steadily. Safe from any thread: its state is one atomic number.
 */
final class AutoCreateLimiter {
    private static final long BURST_MS = 10_000;

    private final long intervalMicros;
    /** When the bucket will be full again, in microseconds of the caller's clock. */
    private final AtomicLong fullAtMicros = new AtomicLong(Long.MIN_VALUE);

    AutoCreateLimiter(int perSecond) {
        this.intervalMicros = 1_000_000L / Math.min(perSecond, 1_000_000);
    }

    /** Whether one more topic may be created now; if so it counts. */
    boolean tryAcquire(long nowMs) {
        long nowMicros = nowMs * 1000;
        while (true) {
            long full = fullAtMicros.get();
            long newFull = Math.max(full, nowMicros) + intervalMicros;
            if (newFull - nowMicros > BURST_MS * 1000) {
                return false;
            }
            if (fullAtMicros.compareAndSet(full, newFull)) {
                return true;
            }
        }
    }
}
