package io.penstock.bench.pause;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late the ticks of event loops came. Owned by the thread that adds them up.
 *
 * @param lateNs in all
 * @param heldUpNs the same without the time that the loop's thread had no processor
 * @param blockedNs of that, what the thread did not even run: it waited for something
 */
record LoopDelays(Histogram lateNs, Histogram heldUpNs, Histogram blockedNs) {
    private static final int DIGITS = 3;
    private static final double NS_PER_MS = 1e6;

    static LoopDelays none() {
        return new LoopDelays(histogram(), histogram(), histogram());
    }

    static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
    }

    /** The usual percentiles in milliseconds, for people. */
    static String percentiles(Histogram ns) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f  p99 %.2f  p99.9 %.2f  p99.99 %.2f  max %.2f",
                ms(ns, 50),
                ms(ns, 99),
                ms(ns, 99.9),
                ms(ns, 99.99),
                ns.getMaxValue() / NS_PER_MS);
    }

    private static double ms(Histogram ns, double percentile) {
        return ns.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
