package io.penstock.net.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Feels the pulse of every event loop: a timer on each that notes how late it fires. Start and stop it once, from one thread; the
 * questions may come from any thread.
 */
public final class LoopWatch {

    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Pulse> pulses = new ArrayList<>();

    /** Begins to watch. */
    public LoopWatch(Iterable<EventExecutor> loops) {
        loops.forEach(loop -> pulses.add(new Pulse(loop)));
    }

    /** Ends the timers. What was measured stays readable. */
    public void stop() {
        pulses.forEach(Pulse::stop);
    }

    /** How long the loop that is most behind has not come round, beyond what is due. */
    public long worstStallMs(long nowNs) {
        long worstNs = 0;
        for (Pulse pulse : pulses) {
            worstNs = Math.max(worstNs, pulse.overdueNs(nowNs));
        }
        return TimeUnit.NANOSECONDS.toMillis(worstNs);
    }

    public int loopCount() {
        return pulses.size();
    }

    /** How late the timers fired, one histogram for each loop. */
    Stream<LatencyHistogram> lags() {
        return pulses.stream().map(pulse -> pulse.lag);
    }

    /** One loop's timer. {@code lag} is written by the loop only. */
    private static final class Pulse {
        final LatencyHistogram lag = new LatencyHistogram();
        private final ScheduledFuture<?> timer;
        private volatile long dueNs = System.nanoTime() + PERIOD_NS;

        Pulse(EventExecutor loop) {
            timer = loop.scheduleWithFixedDelay(this::beat, PERIOD_NS, PERIOD_NS, TimeUnit.NANOSECONDS);
        }

        private void beat() {
            long nowNs = System.nanoTime();
            lag.record(nowNs - dueNs);
            dueNs = nowNs + PERIOD_NS;
        }

        long overdueNs(long nowNs) {
            return Math.max(0, nowNs - dueNs);
        }

        void stop() {
            timer.cancel(false);
        }
    }
}
