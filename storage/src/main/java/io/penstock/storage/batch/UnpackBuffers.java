package io.penstock.storage.batch;

import java.util.Arrays;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Memory for unpacking, kept from batch to batch: whoever looks into many of them makes no garbage for each. Owned by one task at a
 * time, and used for one batch at a time.
 */
public final class UnpackBuffers implements AutoCloseable {
    private static final int FIRST_BYTES = 4 << 10;
    /** A larger record's memory is not kept. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private final BufferSupplier decompressors = BufferSupplier.create();
    private byte[] record = new byte[0];

    BufferSupplier decompressors() {
        return decompressors;
    }

    /** Room for a record, as far as there is any. */
    byte[] record() {
        return record;
    }

    /** Twice the room, with what is there already; {@code neededBytes} is enough. */
    byte[] grown(byte[] full, int neededBytes) {
        long doubled = Math.max(FIRST_BYTES, 2L * full.length);
        byte[] larger = Arrays.copyOf(full, (int) Math.min(doubled, Math.max(FIRST_BYTES, neededBytes)));
        if (larger.length <= MAX_KEPT_BYTES) {
            record = larger;
        }
        return larger;
    }

    @Override
    public void close() {
        decompressors.close();
    }
}
