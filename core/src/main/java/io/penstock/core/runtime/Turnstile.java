package io.penstock.core.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many through at a time, first come, first served.
 *
 * <p>Safe from any thread: a counter and a queue, both lock-free. The queue is bounded by those who ask: each asks for a bounded
 * number of turns.
 */
final class Turnstile {
    private final int max;
    private final AtomicInteger inside = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Turnstile(int max) {
        this.max = max;
    }

    /**
     * Asks for a turn.
     *
     * @param granted runs once, on any thread, when it is this one's turn; {@link #leave} must follow
     */
    void enter(Runnable granted) {
        waiting.add(granted);
        letIn();
    }

    /** Ends a turn. */
    void leave() {
        inside.decrementAndGet();
        letIn();
    }

    private void letIn() {
        while (!waiting.isEmpty()) {
            int now = inside.get();
            if (now >= max) {
                return;
            }
            if (inside.compareAndSet(now, now + 1)) {
                Runnable next = waiting.poll();
                if (next != null) {
                    next.run();
                } else {
                    inside.decrementAndGet(); // another thread was faster; look again, somebody may have come meanwhile
                }
            }
        }
    }
}
