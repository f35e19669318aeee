package io.penstock.storage.chronicle;

import io.penstock.storage.LogSlices;
import java.util.concurrent.atomic.AtomicInteger;

/** Slices that free something with the last reference. Safe from any thread: the content never changes and the count is atomic. */
abstract class CountedSlices implements LogSlices {
    private final int sizeBytes;
    private final long nextOffset;
    private final AtomicInteger references = new AtomicInteger(1);

    CountedSlices(int sizeBytes, long nextOffset) {
        this.sizeBytes = sizeBytes;
        this.nextOffset = nextOffset;
    }

    /** Called once, by whoever gives the last reference back. */
    abstract void free();

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public LogSlices retain() {
        if (references.getAndIncrement() <= 0) {
            throw new IllegalStateException("retained after the last release");
        }
        return this;
    }

    @Override
    public void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (left == 0) {
            free();
        }
    }
}
