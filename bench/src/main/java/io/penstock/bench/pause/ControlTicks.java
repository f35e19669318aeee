package io.penstock.bench.pause;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A process that only sleeps, a millisecond at a time, and tells how late it wakes: what the machine does to anybody beside the event
 * loops. Where it comes late as well, the machine gave nobody a processor, or its host none to the machine.
 */
final class ControlTicks {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private ControlTicks() {}

    /**
     * Sleeps for the whole time, then prints one line.
     *
     * @param arguments seconds before the clock counts, seconds that count
     */
    public static void main(String[] arguments) {
        Histogram lateNs = LoopDelays.histogram();
        long countFromNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0]));
        long endNs = countFromNs + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        long wokeNs = System.nanoTime();
        while (wokeNs < endNs) {
            long dueNs = wokeNs + TICK_NS;
            LockSupport.parkNanos(TICK_NS);
            wokeNs = System.nanoTime();
            if (dueNs >= countFromNs) {
                lateNs.recordValueWithExpectedInterval(Math.max(0, wokeNs - dueNs), TICK_NS);
            }
        }
        System.out.println(LoopDelays.percentiles(lateNs));
    }
}
