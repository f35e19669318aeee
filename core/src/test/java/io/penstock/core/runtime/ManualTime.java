package io.penstock.core.runtime;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Clock and timers that move only when told. Owned by one test. */
final class ManualTime implements Clock, Timers {
    private static final long START_WALL_MS = 1_700_000_100_000L;

    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMs).thenComparingLong(Due::order));
    private long nowMs = 1_000;
    private long order;

    @Override
    public long wallMs() {
        return START_WALL_MS + nowMs;
    }

    @Override
    public long monotonicNs() {
        return nowMs * 1_000_000;
    }

    @Override
    public Timer after(long delayMs, Runnable task) {
        if (delayMs < 1) {
            throw new IllegalArgumentException("delay of " + delayMs + " ms");
        }
        Due due = new Due(nowMs + delayMs, order++, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    /** Moves on and runs what became due, in order. */
    void advance(long byMs) {
        long untilMs = nowMs + byMs;
        while (true) {
            Due next = timers.peek();
            if (next == null || next.atMs > untilMs) {
                nowMs = untilMs;
                return;
            }
            timers.remove();
            nowMs = Math.max(nowMs, next.atMs);
            next.task.run();
        }
    }

    int timerCount() {
        return timers.size();
    }

    private record Due(long atMs, long order, Runnable task) {}
}
