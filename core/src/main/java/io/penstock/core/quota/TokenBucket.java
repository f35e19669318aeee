package io.penstock.core.quota;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tokens that come back at a steady rate, up to what a whole window brings (KIP-599). The last taker may overdraw it, by however much;
 * then nobody gets any until it is even again. So a burst costs the time that it takes to refill, not a whole window.
 *
 * <p>Safe from any thread: one immutable state, replaced by compare-and-set.
 */
public final class TokenBucket {
    private final QuotaWindow window;
    private final AtomicReference<Level> level = new AtomicReference<>(new Level(Double.POSITIVE_INFINITY, 0));

    private record Level(double tokens, long atMs) {}

    /** A full one. */
    public TokenBucket(QuotaWindow window) {
        this.window = window;
    }

    /** What is there now; negative while overdrawn. */
    public double tokens(double ratePerSecond, long nowMs) {
        return refilled(level(), ratePerSecond, nowMs);
    }

    /** Takes {@code count} tokens unless the bucket is overdrawn; whether it did. */
    public boolean tryTake(double count, double ratePerSecond, long nowMs) {
        while (true) {
            Level before = level();
            double tokens = refilled(before, ratePerSecond, nowMs);
            if (tokens < 0) {
                return false;
            }
            if (level.compareAndSet(before, after(tokens - count, before, nowMs))) {
                return true;
            }
        }
    }

    /** Takes {@code count} tokens even if the bucket is overdrawn. */
    public void take(double count, double ratePerSecond, long nowMs) {
        Level before;
        do {
            before = level();
        } while (!level.compareAndSet(before, after(refilled(before, ratePerSecond, nowMs) - count, before, nowMs)));
    }

    /** How long until the bucket is even, in milliseconds; 0 if it is. */
    public long throttleMs(double ratePerSecond, long nowMs) {
        double tokens = tokens(ratePerSecond, nowMs);
        return tokens < 0 ? Math.round(-tokens / ratePerSecond * 1000) : 0;
    }

    private Level level() {
        return Objects.requireNonNull(level.get());
    }

    private double refilled(Level before, double ratePerSecond, long nowMs) {
        double refill = ratePerSecond * Math.max(0, nowMs - before.atMs) / 1000.0;
        return Math.min(window.capacity(ratePerSecond), before.tokens + refill);
    }

    /** Another thread may have read a later clock. */
    private static Level after(double tokens, Level before, long nowMs) {
        return new Level(tokens, Math.max(before.atMs, nowMs));
    }
}
