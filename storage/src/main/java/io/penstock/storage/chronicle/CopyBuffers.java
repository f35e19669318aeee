package io.penstock.storage.chronicle;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers for copies of small batches, kept for the next read: direct ones up to 1 MiB in four sizes, a bounded number of each, at
 * most 22 MiB in all. Larger copies get a buffer from the heap. Safe from any thread: bounded queues.
 */
final class CopyBuffers {
    private static final int[] SIZES = {16 << 10, 64 << 10, 256 << 10, 1 << 20};
    private static final int[] KEPT = {64, 64, 16, 13};

    private final ArrayBlockingQueue<ByteBuffer>[] free;

    CopyBuffers() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        ArrayBlockingQueue<ByteBuffer>[] queues = new ArrayBlockingQueue[SIZES.length];
        for (int i = 0; i < SIZES.length; i++) {
            queues[i] = new ArrayBlockingQueue<>(KEPT[i]);
        }
        free = queues;
    }

    /** A buffer of at least {@code bytes} bytes with anything in it. */
    ByteBuffer acquire(int bytes) {
        int kind = kindOf(bytes);
        if (kind == SIZES.length) {
            return ByteBuffer.allocate(bytes);
        }
        ByteBuffer kept = free[kind].poll();
        return kept != null ? kept : ByteBuffer.allocateDirect(SIZES[kind]);
    }

    /** Takes a buffer back; drops it if there are enough. */
    void release(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            // Dropped buffers are freed by the garbage collector: that is rare enough.
            boolean unused = free[kindOf(buffer.capacity())].offer(buffer);
        }
    }

    private static int kindOf(int bytes) {
        int kind = 0;
        while (kind < SIZES.length && SIZES[kind] < bytes) {
            kind++;
        }
        return kind;
    }
}
