package io.penstock.core.quota;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much there was per second lately, measured as Kafka's clients and brokers do: a sample begins with the first event after the
 * one before is over, and the rate is what all samples hold, over the time since the oldest one began but never less than all whole
 * samples.
 *
 * <p>Safe from any thread, without locks. An event costs an addition to a striped counter and a sum over the samples. Nothing that was
 * recorded is lost. Two threads that record at the same moment may or may not see each other's event, so a rate can be behind by what
 * is being recorded just then.
 */
public final class SlidingRate {
    private final QuotaWindow window;
    /** Newest first, never empty after the first event; at most one more than the window has. */
    private final AtomicReference<Sample[]> samples = new AtomicReference<>(new Sample[0]);

    private static final class Sample {
        final long startMs;
        final LongAdder amount = new LongAdder();
        volatile long lastMs;

        Sample(long startMs) {
            this.startMs = startMs;
            lastMs = startMs;
        }

        void add(long more, long nowMs) {
            amount.add(more);
            if (lastMs != nowMs) {
                lastMs = nowMs;
            }
        }
    }

    public SlidingRate(QuotaWindow window) {
        this.window = window;
    }

    /** Counts {@code amount}; a negative one takes back what was counted before. */
    public void record(long amount, long nowMs) {
        current(nowMs).add(amount, nowMs);
    }

    /** Amount per second as of now. */
    public double perSecond(long nowMs) {
        Sample[] all = samples();
        return sum(all, nowMs) * 1000.0 / spanMs(all, nowMs);
    }

    /** Counts {@code amount}, and tells how long to use nothing until the rate is within the limit. */
    public long recordAndThrottleMs(long amount, double limitPerSecond, long nowMs) {
        record(amount, nowMs);
        return throttleMs(limitPerSecond, nowMs);
    }

    /** How long to use nothing until the rate is within {@code limitPerSecond}, in milliseconds; 0 if it is. */
    public long throttleMs(double limitPerSecond, long nowMs) {
        Sample[] all = samples();
        long spanMs = spanMs(all, nowMs);
        double rate = sum(all, nowMs) * 1000.0 / spanMs;
        return rate > limitPerSecond ? Math.round((rate - limitPerSecond) / limitPerSecond * spanMs) : 0;
    }

    private Sample[] samples() {
        return Objects.requireNonNull(samples.get());
    }

    private Sample current(long nowMs) {
        while (true) {
            Sample[] all = samples();
            if (all.length > 0 && nowMs - all[0].startMs < window.sampleMs()) {
                return all[0];
            }
            Sample[] next = withNew(all, nowMs);
            if (samples.compareAndSet(all, next)) {
                return next[0];
            }
        }
    }

    /** Samples that no longer count make room. */
    private Sample[] withNew(Sample[] all, long nowMs) {
        Sample[] next = new Sample[Math.min(all.length, window.samples()) + 1];
        next[0] = new Sample(nowMs);
        int length = 1;
        for (Sample sample : all) {
            if (length < next.length && counts(sample, nowMs)) {
                next[length++] = sample;
            }
        }
        return length == next.length ? next : Arrays.copyOf(next, length);
    }

    private boolean counts(Sample sample, long nowMs) {
        return nowMs - sample.lastMs < window.expiryMs();
    }

    private long sum(Sample[] all, long nowMs) {
        long sum = 0;
        for (Sample sample : all) {
            if (counts(sample, nowMs)) {
                sum += sample.amount.sum();
            }
        }
        return sum;
    }

    /** A short history counts as a whole window, else the first event of all would be a huge rate. */
    private long spanMs(Sample[] all, long nowMs) {
        long elapsedMs = 0;
        for (Sample sample : all) {
            if (counts(sample, nowMs)) {
                elapsedMs = Math.max(elapsedMs, nowMs - sample.startMs);
            }
        }
        long missing = window.samples() - 1 - elapsedMs / window.sampleMs();
        return Math.max(1, elapsedMs + Math.max(0, missing) * window.sampleMs());
    }
}
