package io.penstock.core.runtime;

/**
 * Counts the time during which this process has run. It stands still while the process is stopped, as by {@code SIGSTOP} or a
 * suspended machine, so that a broker which could not listen does not take everybody else for dead.
 *
 * <p>{@link #tick} has to be called every {@link #TICK_MS}; when it is not, time goes on for {@link #MAX_GAP_MS} and then stops. So a
 * busy event loop is not taken for a stopped process. {@link #awakeMs} is safe from any thread; one thread ticks.
 */
final class AwakeClock {
    static final long TICK_MS = 250;
    static final long MAX_GAP_MS = 1_250;

    private final Clock clock;
    private volatile Tick last;

    private record Tick(long monotonicMs, long awakeMs) {}

    AwakeClock(Clock clock) {
        this.clock = clock;
        this.last = new Tick(clock.monotonicMs(), 0);
    }

    /** The process is running. */
    void tick() {
        long nowMs = clock.monotonicMs();
        last = new Tick(nowMs, awakeAt(last, nowMs));
    }

    /** Milliseconds awake since this clock was made; never goes back. */
    long awakeMs() {
        return awakeAt(last, clock.monotonicMs());
    }

    private static long awakeAt(Tick tick, long nowMs) {
        return tick.awakeMs() + Math.min(Math.max(0, nowMs - tick.monotonicMs()), MAX_GAP_MS);
    }
}
