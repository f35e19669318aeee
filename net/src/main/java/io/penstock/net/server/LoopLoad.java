package io.penstock.net.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How busy one event loop is. Sampled by one thread that may block, read by any. */
final class LoopLoad {
    /** Above this part of a processor a loop takes no connections from others. */
    private static final double BUSY = 0.6;

    private final long threadId;
    private long cpuNs = -1;
    private long atNs;
    private volatile double busy;

    LoopLoad(Thread loop) {
        threadId = loop.getId();
    }

    /** Measures the time since the last sample. Loads classes the first time, so never on an event loop. */
    void sample() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        onSample(System.nanoTime(), threads.getThreadCpuTime(threadId));
    }

    /** @param nowCpuNs what the loop's thread has used of processors since it began, negative if that cannot be told */
    void onSample(long nowNs, long nowCpuNs) {
        if (cpuNs >= 0 && nowCpuNs >= cpuNs && nowNs > atNs) {
            busy = (double) (nowCpuNs - cpuNs) / (nowNs - atNs);
        }
        cpuNs = nowCpuNs;
        atNs = nowNs;
    }

    /** Whether the loop had much to do lately; not before the second sample. */
    boolean isBusy() {
        return busy > BUSY;
    }
}
