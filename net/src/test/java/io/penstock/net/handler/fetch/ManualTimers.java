package io.penstock.net.handler.fetch;

import java.util.ArrayList;
import java.util.List;

/** Timers that expire when the test says so. */
final class ManualTimers implements WaitTimer {
    private final List<Entry> running = new ArrayList<>();

    private record Entry(long delayMs, Runnable onExpiry) {}

    @Override
    public Runnable start(long delayMs, Runnable onExpiry) {
        Entry entry = new Entry(delayMs, onExpiry);
        running.add(entry);
        return () -> running.remove(entry);
    }

    int running() {
        return running.size();
    }

    long onlyDelayMs() {
        return running.get(0).delayMs();
    }

    void expireAll() {
        List<Entry> expired = List.copyOf(running);
        running.clear();
        expired.forEach(entry -> entry.onExpiry().run());
    }
}
