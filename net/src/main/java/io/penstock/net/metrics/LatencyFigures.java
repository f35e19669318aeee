package io.penstock.net.metrics;

import java.util.stream.Stream;

/** One kind of duration over all threads that recorded it: since the start, and lately. Owned by one collector. */
final class LatencyFigures {

    private final HistogramSums total = new HistogramSums();
    private final RecentHistogram recent;
    private HistogramSums lately = total;

    LatencyFigures(long nowNs) {
        recent = new RecentHistogram(nowNs);
    }

    /** Adds what came since the last time; nobody else may ask these recorders. */
    void collect(Stream<LatencyHistogram> recorders, long nowNs) {
        recorders.forEach(total::addNewOf);
        lately = recent.update(total, nowNs);
    }

    HistogramSums total() {
        return total;
    }

    /** As of the last collection. */
    HistogramSums lately() {
        return lately;
    }
}
