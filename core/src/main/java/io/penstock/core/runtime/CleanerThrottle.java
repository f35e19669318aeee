package io.penstock.core.runtime;

import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

/**
 * Slows all compactions of a broker down to so many bytes a second together. Safe from any thread: one atomic counter; waits on the
 * calling worker.
 */
final class CleanerThrottle implements IoThrottle {
    /** Shorter debts are carried on: a timer is not that exact. */
    private static final long MIN_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(5);
    /** A worker is held no longer than this at a time, so that it hears when it is to stop and when the rate was changed. */
    private static final long MAX_WAIT_NS = TimeUnit.SECONDS.toNanos(1);

    /** A changed rate is noticed after so long. Asking for every batch would make garbage for each. */
    private static final long RATE_HOLDS_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final double NS_PER_S = 1e9;
    private static final double MAX_COST_NS = 1e18;

    private final DoubleSupplier maxBytesPerSecond;
    private final Clock clock;
    /** When everything that was told of so far is paid for. */
    private final AtomicLong paidAtNs;

    private volatile Rate rate;

    private record Rate(double bytesPerSecond, long readAtNs) {}

    CleanerThrottle(DoubleSupplier maxBytesPerSecond, Clock clock) {
        this.maxBytesPerSecond = maxBytesPerSecond;
        this.clock = clock;
        this.paidAtNs = new AtomicLong(clock.monotonicNs());
        this.rate = readRate(clock.monotonicNs());
    }

    @Override
    public void onBytes(long bytes) {
        long waitNs = Math.min(MAX_WAIT_NS, debtNs(bytes));
        long untilNs = clock.monotonicNs() + waitNs;
        for (long left = waitNs; left >= MIN_WAIT_NS; left = untilNs - clock.monotonicNs()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Takes the bytes into account; how long after now they are paid for. */
    long debtNs(long bytes) {
        long nowNs = clock.monotonicNs();
        Rate current = rate;
        if (nowNs - current.readAtNs > RATE_HOLDS_NS) {
            current = readRate(nowNs);
            rate = current;
        }
        long costNs = (long) Math.min(MAX_COST_NS, bytes / current.bytesPerSecond * NS_PER_S);
        if (costNs == 0) {
            return 0;
        }
        // What was not used in the past is not saved up. Differences, since the clock may be negative.
        long paid = paidAtNs.updateAndGet(before -> (before - nowNs > 0 ? before : nowNs) + costNs);
        return paid - nowNs;
    }

    private Rate readRate(long nowNs) {
        return new Rate(maxBytesPerSecond.getAsDouble(), nowNs);
    }
}
