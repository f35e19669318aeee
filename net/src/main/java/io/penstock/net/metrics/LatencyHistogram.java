package io.penstock.net.metrics;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations up to an hour in HdrHistogram's buckets, which are at most a 128th of the duration wide, or 128 ns. Written by one
 * thread only, its owner, which never waits and never allocates; emptied by one collector at a time, on another thread.
 */
final class LatencyHistogram {

    /** Shorter durations are not told apart. */
    static final long FINEST_NS = 128;

    /** Longer durations count as this one. */
    static final long MAX_NS = TimeUnit.HOURS.toNanos(1);

    private static final int SIGNIFICANT_DIGITS = 2;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(FINEST_NS, MAX_NS, SIGNIFICANT_DIGITS);
    private final LoopCounter sumNs = new LoopCounter();

    /** Collector only. */
    private long takenSumNs;

    /** Owner only. Negative durations count as zero. */
    void record(long durationNs) {
        long clampedNs = Math.max(0, Math.min(durationNs, MAX_NS));
        recorder.recordValue(clampedNs);
        sumNs.add(clampedNs);
    }

    /**
     * Takes out what was recorded since the last time. Collector only; waits for a record that is being made.
     *
     * @param spare what an earlier call has returned, of this histogram or of another, to be written to from now on
     */
    Histogram take(@Nullable Histogram spare) {
        return recorder.getIntervalHistogram(spare, false);
    }

    /** The exact sum of what was recorded since the last time. Collector only. */
    long takeSumNs() {
        long nowSumNs = sumNs.value();
        long newNs = nowSumNs - takenSumNs;
        takenSumNs = nowSumNs;
        return newNs;
    }

    /** An empty histogram with the same buckets. */
    static Histogram sameBuckets() {
        return new Histogram(FINEST_NS, MAX_NS, SIGNIFICANT_DIGITS);
    }
}
