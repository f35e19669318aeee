package io.penstock.net.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Remembers a few past sums, so that quantiles speak of about the last minute and not of the time since the start. The window is
 * between one and two minutes when someone collects at least that often, else it is the time since the last collection but one.
 * Owned by one collector.
 */
final class RecentHistogram {

    private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long APART_NS = TimeUnit.SECONDS.toNanos(10);

    private final Deque<Past> pasts = new ArrayDeque<>();

    private record Past(long atNs, HistogramSums sums) {}

    RecentHistogram(long nowNs) {
        pasts.add(new Past(nowNs, new HistogramSums().snapshot()));
    }

    /** What {@code total} has gained in the recent past. */
    HistogramSums update(HistogramSums total, long nowNs) {
        while (pasts.size() > 1 && isOldEnough(second().atNs(), nowNs)) {
            pasts.removeFirst();
        }
        HistogramSums recent = total.since(pasts.getFirst().sums());
        if (nowNs - pasts.getLast().atNs() >= APART_NS) {
            pasts.addLast(new Past(nowNs, total.snapshot()));
        }
        return recent;
    }

    private Past second() {
        var iterator = pasts.iterator();
        iterator.next();
        return iterator.next();
    }

    private static boolean isOldEnough(long atNs, long nowNs) {
        return nowNs - atNs >= KEPT_NS;
    }
}
