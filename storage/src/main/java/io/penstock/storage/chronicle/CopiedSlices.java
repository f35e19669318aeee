package io.penstock.storage.chronicle;

import java.nio.ByteBuffer;
import java.util.List;

/** Small batches side by side in one buffer, which goes back to its pool with the last reference. */
final class CopiedSlices extends CountedSlices {
    private final ByteBuffer buffer;
    private final CopyBuffers pool;

    /** @param buffer holds the batches from index 0 on; this takes it over */
    CopiedSlices(ByteBuffer buffer, int sizeBytes, long nextOffset, CopyBuffers pool) {
        super(List.of(buffer.slice(0, sizeBytes).asReadOnlyBuffer()), sizeBytes, nextOffset);
        this.buffer = buffer;
        this.pool = pool;
    }

    @Override
    void free() {
        pool.release(buffer);
    }
}
