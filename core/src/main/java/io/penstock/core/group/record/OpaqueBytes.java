package io.penstock.core.group.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that mean something only to the members of a group: a subscription, an assignment. Never parsed here unless the members
 * are consumers. Immutable as long as nobody writes into the shared array; safe from any thread then.
 */
public final class OpaqueBytes {
    public static final OpaqueBytes EMPTY = new OpaqueBytes(new byte[0]);

    private final byte[] bytes;

    private OpaqueBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: it must not be changed any more. */
    public static OpaqueBytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new OpaqueBytes(bytes);
    }

    /** The bytes themselves, shared: not to be changed. */
    public byte[] array() {
        return bytes;
    }

    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OpaqueBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
