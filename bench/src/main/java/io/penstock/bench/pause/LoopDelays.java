package io.penstock.bench.pause;

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

    static LoopDelays none() {
        return new LoopDelays(histogram(), histogram(), histogram());
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
    }
}
