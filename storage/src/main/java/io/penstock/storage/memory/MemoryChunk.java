package io.penstock.storage.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of memory that is filled from front to back and never written twice, so that slices of it may be read by anybody.
 *
 * <p>Filled by the log's owner; the reference count is safe from any thread. The log holds one reference, each slice one; after the
 * last one the bytes go back to the budget.
 */
final class MemoryChunk {
    private final MemoryBudget budget;
    private final ByteBuffer memory;
    private final AtomicInteger references = new AtomicInteger(1);
    private int endPosition;

    /** Takes {@code bytes} from the budget. */
    MemoryChunk(int bytes, MemoryBudget budget) {
        budget.reserve(bytes);
        this.budget = budget;
        memory = ByteBuffer.allocate(bytes);
    }

    int sizeBytes() {
        return memory.capacity();
    }

    /** Where live batches end. */
    int endPosition() {
        return endPosition;
    }

    int freeBytes() {
        return memory.capacity() - endPosition;
    }

    /** Copies a batch to the end; returns where it is. */
    int append(ByteBuffer batch) {
        int position = endPosition;
        memory.put(position, batch, batch.position(), batch.remaining());
        endPosition += batch.remaining();
        return position;
    }

    /** Forgets batches at and behind a position. Their memory is not used again: slices of it may be out. */
    void cut(int newEndPosition) {
        endPosition = newEndPosition;
    }

    /** The whole memory, for absolute access by the owner. */
    ByteBuffer memory() {
        return memory;
    }

    ByteBuffer slice(int position, int bytes) {
        return memory.slice(position, bytes).asReadOnlyBuffer();
    }

    void retain() {
        if (references.getAndIncrement() <= 0) {
            throw new IllegalStateException("retained after the last release");
        }
    }

    void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (left == 0) {
            budget.release(memory.capacity());
        }
    }
}
