package io.penstock.core.group;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs things in the order of a time that stands still unless something is due. */
public final class VirtualTime {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::dueMs).thenComparingLong(Event::number));
    private long nowMs;
    private long number;

    private record Event(long dueMs, long number, Runnable action) {}

    public long nowMs() {
        return nowMs;
    }

    public void after(long delayMs, Runnable action) {
        events.add(new Event(nowMs + delayMs, number++, action));
    }

    /** Runs what is due until then. */
    public void runUntil(long endMs) {
        while (!events.isEmpty() && events.peek().dueMs() <= endMs) {
            step();
        }
        nowMs = endMs;
    }

    private void step() {
        Event next = events.remove();
        nowMs = Math.max(nowMs, next.dueMs());
        next.action().run();
    }
}
