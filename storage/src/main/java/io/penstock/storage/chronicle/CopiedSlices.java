package io.penstock.storage.chronicle;

import java.nio.ByteBuffer;
import java.util.List;

/** Small batches side by side in one buffer, which goes back to its pool with the last reference. */
final class CopiedSlices extends CountedSlices {
    private final ByteBuffer buffer;
    private final List<ByteBuffer> buffers;
    private final CopyBuffers pool;

    /** @param buffer holds the batches from index 0 on; this takes it over */
    CopiedSlices(ByteBuffer buffer, int sizeBytes, long nextOffset, CopyBuffers pool) {
        super(sizeBytes, nextOffset);
        this.buffer = buffer;
        this.buffers = List.of(buffer.slice(0, sizeBytes).asReadOnlyBuffer());
        this.pool = pool;
    }

    @Override
    public List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    void free() {
        pool.release(buffer);
    }
}
