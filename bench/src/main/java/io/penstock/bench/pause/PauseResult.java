package io.penstock.bench.pause;

import org.HdrHistogram.Histogram;

/**
 * What a run has come to. Immutable.
 *
 * @param delays how late the ticks of the event loops came
 * @param appends answered without an error
 * @param bytes of those
 * @param refused answered with an error
 * @param threads what the kernel says of the event loops' threads
 */
record PauseResult(LoopDelays delays, long appends, long bytes, long refused, double seconds, LoopThreads threads) {
    String line(PausePlan plan) {
        return String.format(
                "pause  %s  %d B x %d partitions  %.0f MB/s  %d appends, %d refused%n"
                        + "  an event loop came late by (ms)  %s%n"
                        + "  of that, while it had a CPU      %s%n"
                        + "  of that, waiting for something   %s%n"
                        + "  its threads: %d major faults, %d minor ones, %.0f ms without a CPU",
                plan.store(),
                plan.valueBytes(),
                plan.partitions(),
                bytes / 1e6 / seconds,
                appends,
                refused,
                percentiles(delays.lateNs()),
                percentiles(delays.heldUpNs()),
                percentiles(delays.blockedNs()),
                threads.majorFaults(),
                threads.minorFaults(),
                threads.waitedForCpuNs() / 1e6);
    }

    private static String percentiles(Histogram ns) {
        return String.format(
                "p50 %.2f  p99 %.2f  p99.9 %.2f  p99.99 %.2f  max %.2f",
                ms(ns, 50), ms(ns, 99), ms(ns, 99.9), ms(ns, 99.99), ns.getMaxValue() / 1e6);
    }

    private static double ms(Histogram ns, double percentile) {
        return ns.getValueAtPercentile(percentile) / 1e6;
    }
}
