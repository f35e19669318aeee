package io.penstock.storage;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Consecutive record batches of a log, as read-only slices of its memory. Keeps the memory mapped until released, also when
 * retention deletes the file meanwhile.
 *
 * <p>Safe from any thread: the content never changes and the reference count is atomic. Starts with one reference, held by the
 * receiver; whoever passes it on passes the reference on.
 */
public interface LogSlices {
    /** No batches. Retaining and releasing it does nothing. */
    LogSlices EMPTY = new LogSlices() {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public List<ByteBuffer> buffers() {
            return List.of();
        }

        @Override
        public long nextOffset() {
            return -1;
        }

        @Override
        public LogSlices retain() {
            return this;
        }

        @Override
        public void release() {}
    };

    /** Bytes in all slices together. */
    int sizeBytes();

    /** The slices in offset order; each holds one or more whole batches. The buffers are shared: duplicate before reading relatively. */
    List<ByteBuffer> buffers();

    /**
     * Where the slices lie in files, one for each of {@link #buffers} and in their order, if they are so large that sending them from
     * there is cheaper; else empty, and only the buffers tell what is in them. Opens nothing, and touches no byte of the batches.
     */
    default List<FileSlice> fileSlices() {
        return List.of();
    }

    /** One past the last offset of the last batch; -1 if empty. */
    long nextOffset();

    /** Adds a reference. */
    LogSlices retain();

    /** Gives a reference back; after the last one the buffers must not be touched any more. */
    void release();
}
