package io.penstock.bench.load;

import org.HdrHistogram.Histogram;

/** What one thread has measured since the warm-up ended. Not for several threads; {@link #add} joins them at the end. */
final class Samples {
    private static final long LONGEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final long beginNs;
    private final long warmUpNs;
    private final Runnable onWarm;
    private final Histogram latencyNs = new Histogram(LONGEST_NS, DIGITS);
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private long payloadBytes;

    /**
     * Nothing yet.
     *
     * @param beginNs when the load began, as {@link System#nanoTime} has it
     * @param onWarm called once, before the first value that counts
     */
    Samples(long beginNs, long warmUpNs, Runnable onWarm) {
        this.beginNs = beginNs;
        this.warmUpNs = warmUpNs;
        this.onWarm = onWarm;
    }

    /**
     * One request, unless it belongs to the warm-up.
     *
     * @param sentNs when it was sent, or should have been
     * @param doneNs when its answer was there
     * @param bytes record batches that it moved
     */
    void record(long sentNs, long doneNs, long bytes) {
        if (sentNs - beginNs < warmUpNs) {
            return;
        }
        if (firstNs == Long.MAX_VALUE) {
            firstNs = sentNs;
            onWarm.run();
        }
        lastNs = doneNs;
        payloadBytes += bytes;
        latencyNs.recordValue(Math.min(doneNs - sentNs, LONGEST_NS));
    }

    /** Takes over what another thread has measured. */
    void add(Samples other) {
        latencyNs.add(other.latencyNs);
        firstNs = Math.min(firstNs, other.firstNs);
        lastNs = Math.max(lastNs, other.lastNs);
        payloadBytes += other.payloadBytes;
    }

    LoadResult result() {
        long elapsedNs = latencyNs.getTotalCount() == 0 ? 0 : lastNs - firstNs;
        return new LoadResult(latencyNs, elapsedNs, payloadBytes);
    }
}
