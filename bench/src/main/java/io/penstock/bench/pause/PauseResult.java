package io.penstock.bench.pause;

import java.util.Locale;

/**
 * What a run has come to. Immutable.
 *
 * @param delays how late the ticks of the event loops came
 * @param control how late {@link ControlTicks} woke meanwhile
 * @param appends answered without an error
 * @param bytes of those
 * @param refused answered with an error
 * @param threads what the kernel says of the event loops' threads
 */
record PauseResult(
        LoopDelays delays,
        String control,
        long appends,
        long bytes,
        long refused,
        double seconds,
        LoopThreads threads) {
    String line(PausePlan plan) {
        return String.format(
                Locale.ROOT,
                "pause  %s  %d B x %d partitions  %.0f MB/s  %d appends, %d refused%n"
                        + "  an event loop came late by (ms)  %s%n"
                        + "  of that, while it had a CPU      %s%n"
                        + "  of that, waiting for something   %s%n"
                        + "  a process that only sleeps, by   %s%n"
                        + "  the threads of the loops: %d major faults, %d minor ones, %.0f ms without a CPU",
                plan.store(),
                plan.valueBytes(),
                plan.partitions(),
                bytes / 1e6 / seconds,
                appends,
                refused,
                LoopDelays.percentiles(delays.lateNs()),
                LoopDelays.percentiles(delays.heldUpNs()),
                LoopDelays.percentiles(delays.blockedNs()),
                control,
                threads.majorFaults(),
                threads.minorFaults(),
                threads.waitedForCpuNs() / 1e6);
    }
}
