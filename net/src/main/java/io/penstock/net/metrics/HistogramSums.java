package io.penstock.net.metrics;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/** Histograms of several threads added up, or the difference of two such sums. Owned by the collector that makes it. */
final class HistogramSums {

    private final AbstractHistogram durations;
    private long sumNs;

    /** Goes round from one recorder to the next, so that each holds one array of counts and not two. */
    private @Nullable Histogram spare;

    /** Nothing yet. */
    HistogramSums() {
        this(LatencyHistogram.sameBuckets(), 0);
    }

    private HistogramSums(AbstractHistogram durations, long sumNs) {
        this.durations = durations;
        this.sumNs = sumNs;
    }

    /** Adds what {@code source} recorded since it was last asked, by whomever. */
    void addNewOf(LatencyHistogram source) {
        Histogram fresh = source.take(spare);
        durations.add(fresh);
        spare = fresh;
        sumNs += source.takeSumNs();
    }

    /** These sums as they are now, in little memory: most buckets are empty. */
    HistogramSums snapshot() {
        PackedHistogram packed = new PackedHistogram(durations);
        packed.add(durations);
        return new HistogramSums(packed, sumNs);
    }

    /** What came since {@code earlier}, which these sums contain. */
    HistogramSums since(HistogramSums earlier) {
        AbstractHistogram difference = durations.copy();
        difference.subtract(earlier.durations);
        return new HistogramSums(difference, sumNs - earlier.sumNs);
    }

    long count() {
        return durations.getTotalCount();
    }

    long sumNs() {
        return sumNs;
    }

    /** Records of at most {@code limitNs}, give or take the width of a bucket. */
    long countUpTo(long limitNs) {
        return durations.getCountBetweenValues(0, limitNs);
    }

    /** The duration that the share {@code quantile} of all records did not exceed; 0 if there are none. */
    long quantileNs(double quantile) {
        return durations.getValueAtPercentile(quantile * 100);
    }

    /** The longest duration, give or take the width of a bucket; 0 if there are none. */
    long maxNs() {
        // A difference that is empty has a maximum of one bucket.
        return count() == 0 ? 0 : durations.getMaxValue();
    }
}
