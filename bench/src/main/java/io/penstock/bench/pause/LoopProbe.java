package io.penstock.bench.pause;

import io.vertx.core.AbstractVerticle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Ticks on its event loop and records how late each tick comes: for so long the loop did something else, or nothing at all. A tick that is
 * late stands for those that it delayed (no coordinated omission). Two parts of it are recorded apart: what is left without the time that
 * the thread was ready to run but had no processor, which belongs to whatever else runs on the machine; and what is left without the time
 * that it ran as well. The latter is what it waited for something: a disk, a lock, a page.
 */
final class LoopProbe extends AbstractVerticle {
    private static final long TICK_MS = 1;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(TICK_MS);
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram lateNs = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram heldUpNs = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram blockedNs = new Histogram(LONGEST_NS, DIGITS);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private @Nullable CpuWait cpuWait;
    private long waitedNs;
    private long ranNs;
    private volatile boolean counts;
    private long dueNs;

    @Override
    public void start() throws IOException {
        cpuWait = new CpuWait();
        dueNs = System.nanoTime() + TICK_NS;
        vertx.setPeriodic(TICK_MS, id -> onTick());
    }

    @Override
    public void stop() throws IOException {
        if (cpuWait != null) {
            cpuWait.close();
        }
    }

    private void onTick() {
        long nowNs = System.nanoTime();
        long waitedBeforeNs = waitedNs;
        long ranBeforeNs = ranNs;
        waitedNs = totalWaitNs();
        ranNs = threads.getCurrentThreadCpuTime();
        if (counts) {
            long late = Math.max(0, nowNs - dueNs);
            record(lateNs, late);
            long heldUp = late - (waitedNs - waitedBeforeNs);
            record(heldUpNs, Math.max(0, heldUp));
            record(blockedNs, Math.max(0, heldUp - (ranNs - ranBeforeNs)));
        }
        dueNs = System.nanoTime() + TICK_NS;
    }

    private long totalWaitNs() {
        try {
            return cpuWait == null ? 0 : cpuWait.totalNs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void record(Histogram histogram, long lateNs) {
        histogram.recordValueWithExpectedInterval(Math.min(LONGEST_NS, lateNs), TICK_NS);
    }

    /** From now on ticks are recorded. Safe from any thread. */
    void count() {
        counts = true;
    }

    /** Adds what was recorded; after the probe was undeployed. */
    void addTo(LoopDelays delays) {
        delays.lateNs().add(lateNs);
        delays.heldUpNs().add(heldUpNs);
        delays.blockedNs().add(blockedNs);
    }
}
