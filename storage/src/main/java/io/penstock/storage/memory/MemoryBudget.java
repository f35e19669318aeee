package io.penstock.storage.memory;

import io.penstock.storage.LogFullException;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all logs of a store may hold together. Safe from any thread: one atomic counter. */
final class MemoryBudget {
    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    MemoryBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes so many bytes or, changing nothing, throws. */
    void reserve(int bytes) {
        long used = usedBytes.get();
        while (used + bytes <= maxBytes) {
            if (usedBytes.compareAndSet(used, used + bytes)) {
                return;
            }
            used = usedBytes.get();
        }
        throw new LogFullException(
                "no room for " + bytes + " more bytes: " + used + " of " + maxBytes + " bytes of memory are in use");
    }

    void release(int bytes) {
        usedBytes.addAndGet(-bytes);
    }

    long usedBytes() {
        return usedBytes.get();
    }
}
