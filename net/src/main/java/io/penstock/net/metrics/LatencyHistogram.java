package io.penstock.net.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts durations in buckets that are at most an eighth wide: eight to each power of two, up to about 19 hours. Written by one
 * thread only, its owner; read by any thread, which may miss the newest records but never sees a torn count.
 */
final class LatencyHistogram {

    /** Sub-buckets per power of two, as a power of two. */
    private static final int PRECISION_BITS = 3;

    private static final int SUB_BUCKETS = 1 << PRECISION_BITS;
    private static final int MAX_EXPONENT = 45;

    /** Longest duration told apart from longer ones, exclusive. */
    static final long MAX_NS = 1L << (MAX_EXPONENT + 1);

    static final int BUCKETS = (MAX_EXPONENT - PRECISION_BITS + 2) * SUB_BUCKETS;

    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[BUCKETS];
    private final LoopCounter sumNs = new LoopCounter();

    /** Owner only. Negative durations count as zero. */
    void record(long durationNs) {
        long clampedNs = Math.max(0, Math.min(durationNs, MAX_NS - 1));
        int bucket = bucketOf(clampedNs);
        COUNTS.setOpaque(counts, bucket, (long) COUNTS.getOpaque(counts, bucket) + 1);
        sumNs.add(clampedNs);
    }

    /** Adds what was recorded so far. Any thread. */
    void addTo(HistogramSums sums) {
        for (int i = 0; i < BUCKETS; i++) {
            sums.addBucket(i, (long) COUNTS.getOpaque(counts, i));
        }
        sums.addSumNs(sumNs.value());
    }

    static int bucketOf(long valueNs) {
        if (valueNs < SUB_BUCKETS) {
            return (int) valueNs;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(valueNs);
        int withinPower = (int) (valueNs >>> (exponent - PRECISION_BITS)) & (SUB_BUCKETS - 1);
        return (exponent - PRECISION_BITS + 1) * SUB_BUCKETS + withinPower;
    }

    /** Largest duration that falls into the bucket. */
    static long upperBoundNs(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int exponent = bucket / SUB_BUCKETS + PRECISION_BITS - 1;
        long withinPower = bucket % SUB_BUCKETS;
        return ((SUB_BUCKETS + withinPower + 1) << (exponent - PRECISION_BITS)) - 1;
    }
}
