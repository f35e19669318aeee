package io.penstock.bench.embedded;

import org.HdrHistogram.Histogram;

/**
 * The schedule of an {@link EmbeddedPlan} without a broker: one thread tells another, through a variable at which both look without pause,
 * how many records are due. What is late here is late because of the machine, and no broker on it can be better.
 */
final class BareHandOver {
    private static final long NONE = -1;
    private static final long LONGEST_NS = 60_000_000_000L;

    private final EmbeddedPlan plan;
    private final Histogram latencyNs = new Histogram(LONGEST_NS, 3);
    private final long beginNs = System.nanoTime();
    private volatile long due = NONE;

    BareHandOver(EmbeddedPlan plan) {
        this.plan = plan;
    }

    /** Latencies in nanoseconds of all records after the warm-up. */
    Histogram run() throws InterruptedException {
        Thread taker = new Thread(this::take, "taker");
        taker.setDaemon(true);
        taker.start();
        give();
        taker.join();
        return latencyNs;
    }

    private void give() {
        long last = plan.count() - 1;
        for (long given = NONE; given < last; ) {
            long nowNs = System.nanoTime() - beginNs;
            long next = given;
            while (next < last && plan.scheduledNs(next + 1) <= nowNs) {
                next++;
            }
            if (next > given) {
                due = next;
                given = next;
            }
        }
    }

    private void take() {
        long last = plan.count() - 1;
        for (long taken = NONE; taken < last; ) {
            long given = due;
            long nowNs = System.nanoTime() - beginNs;
            for (long index = taken + 1; index <= given; index++) {
                if (index >= plan.warmUpCount()) {
                    latencyNs.recordValue(Math.min(Math.max(0, nowNs - plan.scheduledNs(index)), LONGEST_NS));
                }
            }
            taken = given;
        }
    }
}
