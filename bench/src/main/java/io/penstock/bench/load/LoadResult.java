package io.penstock.bench.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a run measured.
 *
 * @param latencyNs one value per request, in nanoseconds
 * @param elapsedNs measured time, without warm-up
 * @param payloadBytes bytes of record batches in the measured requests
 */
public record LoadResult(Histogram latencyNs, long elapsedNs, long payloadBytes) {

    /** One line for people. */
    public String line() {
        double seconds = Math.max(1, elapsedNs) / 1e9;
        return String.format(
                Locale.ROOT,
                "requests %d  %.0f/s  %.1f MB/s  latency us: p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f",
                latencyNs.getTotalCount(),
                latencyNs.getTotalCount() / seconds,
                payloadBytes / seconds / 1e6,
                micros(50),
                micros(90),
                micros(99),
                micros(99.9),
                latencyNs.getMaxValue() / 1e3);
    }

    /** The latency that this part of the requests did not exceed, in microseconds. */
    public double micros(double percentile) {
        return latencyNs.getValueAtPercentile(percentile) / 1e3;
    }
}
