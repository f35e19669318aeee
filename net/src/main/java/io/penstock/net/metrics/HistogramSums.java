package io.penstock.net.metrics;

import java.util.concurrent.TimeUnit;

/** Histograms of several threads added up, or the difference of two such sums. Owned by the collector that makes it. */
final class HistogramSums {

    private final long[] buckets = new long[LatencyHistogram.BUCKETS];
    private long count;
    private long sumNs;

    void addBucket(int bucket, long records) {
        buckets[bucket] += records;
        count += records;
    }

    void addSumNs(long amountNs) {
        sumNs += amountNs;
    }

    /** What came since {@code earlier}, which these sums contain. */
    HistogramSums since(HistogramSums earlier) {
        HistogramSums difference = new HistogramSums();
        for (int i = 0; i < buckets.length; i++) {
            difference.addBucket(i, Math.max(0, buckets[i] - earlier.buckets[i]));
        }
        difference.sumNs = sumNs - earlier.sumNs;
        return difference;
    }

    long count() {
        return count;
    }

    long sumNs() {
        return sumNs;
    }

    double sumSeconds() {
        return sumNs / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Records of at most {@code limitNs}, give or take the width of a bucket. */
    long countUpTo(long limitNs) {
        long upTo = 0;
        for (int i = 0; i < buckets.length && LatencyHistogram.upperBoundNs(i) <= limitNs; i++) {
            upTo += buckets[i];
        }
        return upTo;
    }

    /** The duration that the share {@code quantile} of all records did not exceed; 0 if there are none. */
    long quantileNs(double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * count));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return LatencyHistogram.upperBoundNs(i);
            }
        }
        return 0;
    }

    long maxNs() {
        for (int i = buckets.length - 1; i >= 0; i--) {
            if (buckets[i] > 0) {
                return LatencyHistogram.upperBoundNs(i);
            }
        }
        return 0;
    }
}
