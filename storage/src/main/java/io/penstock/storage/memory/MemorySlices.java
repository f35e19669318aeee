package io.penstock.storage.memory;

import io.penstock.storage.LogSlices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Ranges of memory chunks, each kept by one reference. Safe from any thread: see {@link LogSlices}. */
final class MemorySlices implements LogSlices {
    private final List<MemoryChunk> chunks;
    private final List<ByteBuffer> buffers;
    private final int sizeBytes;
    private final long nextOffset;
    private final AtomicInteger references = new AtomicInteger(1);

    private MemorySlices(List<MemoryChunk> chunks, List<ByteBuffer> buffers, int sizeBytes, long nextOffset) {
        this.chunks = chunks;
        this.buffers = buffers;
        this.sizeBytes = sizeBytes;
        this.nextOffset = nextOffset;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public List<ByteBuffer> buffers() {
        if (references.get() <= 0) {
            throw new IllegalStateException("read after the last release");
        }
        return buffers;
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
            chunks.forEach(MemoryChunk::release);
        }
    }

    /** Gathers batches in offset order; neighbours in a chunk become one buffer. Owned by one read. */
    static final class Collector {
        private final List<MemoryChunk> chunks = new ArrayList<>();
        private final List<ByteBuffer> buffers = new ArrayList<>();
        private int rangeStart;
        private int rangeEnd;
        private int sizeBytes;
        private long nextOffset = -1;

        int sizeBytes() {
            return sizeBytes;
        }

        void add(MemoryChunk chunk, int position, int bytes, long lastOffset) {
            boolean sameChunk = !chunks.isEmpty() && chunks.get(chunks.size() - 1) == chunk;
            if (!sameChunk) {
                finishRange();
                chunk.retain();
                chunks.add(chunk);
                rangeStart = position;
            }
            rangeEnd = position + bytes;
            sizeBytes += bytes;
            nextOffset = lastOffset + 1;
        }

        private void finishRange() {
            if (!chunks.isEmpty()) {
                buffers.add(chunks.get(chunks.size() - 1).slice(rangeStart, rangeEnd - rangeStart));
            }
        }

        LogSlices toSlices() {
            finishRange();
            return chunks.isEmpty()
                    ? EMPTY
                    : new MemorySlices(List.copyOf(chunks), List.copyOf(buffers), sizeBytes, nextOffset);
        }
    }
}
