package io.penstock.net.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts one kind of memory over all connections, and closes when there is too much of it: connections then stop reading and ask to be
 * woken. Counting never fails, so one step beyond the limit is possible for each event loop.
 *
 * <p>Safe from any thread: an atomic count and a concurrent queue. At most one waiter for each connection.
 */
final class MemoryGate {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Queue<Runnable> waiters = new ConcurrentLinkedQueue<>();

    MemoryGate(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean isOpen() {
        return usedBytes.get() < limitBytes;
    }

    /** Whether at least {@code factor} times the limit is used. */
    boolean isOver(int factor) {
        return usedBytes.get() >= factor * limitBytes;
    }

    /** Whether {@code bytes} more would leave at least half of the limit unused. */
    boolean hasRoomToSpare(int bytes) {
        return usedBytes.get() + bytes <= limitBytes / 2;
    }

    long usedBytes() {
        return usedBytes.get();
    }

    /** Counts {@code deltaBytes} more, or less if negative; wakes the waiters when that opens the gate. */
    void add(long deltaBytes) {
        long used = usedBytes.addAndGet(deltaBytes);
        if (deltaBytes < 0 && used < limitBytes && used - deltaBytes >= limitBytes) {
            wakeAll();
        }
    }

    /** Calls {@code wake} once, on any thread, when the gate is open; at once if it has opened meanwhile. */
    void awaitOpen(Runnable wake) {
        waiters.add(wake);
        // The gate may have opened between the caller's look at it and the line above; then nobody else would wake it.
        if (isOpen()) {
            wakeAll();
        }
    }

    /** Wakes all waiters whether open or not; each looks again for itself. */
    void wakeAll() {
        Runnable wake;
        while ((wake = waiters.poll()) != null) {
            wake.run();
        }
    }
}
