package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Key and value of a record as they stand in the log. Immutable. */
public final class EncodedRecord {
    /** What a batch has in front of its records. */
    public static final int BATCH_OVERHEAD_BYTES = 61;
    /** Most bytes that a record takes in a batch beyond its key and value: six variable-length numbers and the attributes. */
    private static final int OVERHEAD_BYTES = 5 + 1 + 10 + 5 + 5 + 5 + 1;

    private final byte[] key;
    private final byte @Nullable [] value;

    /** Takes the arrays over. */
    public EncodedRecord(byte[] key, byte @Nullable [] value) {
        this.key = key;
        this.value = value;
    }

    /** The key, from position to limit. */
    public ByteBuffer key() {
        return ByteBuffer.wrap(key).asReadOnlyBuffer();
    }

    /** The value, from position to limit; null is a tombstone. */
    public @Nullable ByteBuffer value() {
        return value == null ? null : ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    /** Upper bound of the bytes that it takes in a batch. */
    public int sizeBytes() {
        return OVERHEAD_BYTES + key.length + (value == null ? 0 : value.length);
    }
}
