package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one key or value in Kafka's primitive encodings. Believes no length that passes the end: then it throws
 * {@link CorruptGroupRecordException} or, at the end of the buffer, {@link java.nio.BufferUnderflowException}. Owned by one call.
 */
final class FieldScan {
    private final ByteBuffer buffer;
    private boolean flexible;

    FieldScan(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    short readShort() {
        return buffer.getShort();
    }

    /** The version at the start of a value. */
    short readVersion(short lowest, short highest, String what) {
        short version = buffer.getShort();
        if (version < lowest || version > highest) {
            throw corrupt("expected a " + what + " of version " + lowest + " to " + highest + ", found " + version);
        }
        return version;
    }

    int readInt() {
        return buffer.getInt();
    }

    long readLong() {
        return buffer.getLong();
    }

    String readString() {
        return text(buffer.getShort());
    }

    String readCompactString() {
        return text(readVarint() - 1);
    }

    // ---- fields whose encoding depends on the version

    /** Whether {@link #readText} and its like are in the flexible encoding. */
    void setFlexible(boolean isFlexible) {
        flexible = isFlexible;
    }

    String readText() {
        return flexible ? readCompactString() : readString();
    }

    @Nullable
    String readNullableText() {
        int length = flexible ? readVarint() - 1 : buffer.getShort();
        return length < 0 ? null : text(length);
    }

    byte[] readBlob() {
        int length = flexible ? readVarint() - 1 : buffer.getInt();
        byte[] bytes = new byte[checked(length)];
        buffer.get(bytes);
        return bytes;
    }

    /** Length of an array; each element takes at least a byte. */
    int readCount() {
        return checked(flexible ? readVarint() - 1 : buffer.getInt());
    }

    /** Passes over tagged fields, of which none is known, in a flexible encoding. */
    void skipTags() {
        if (flexible) {
            int count = readVarint();
            for (int i = 0; i < count; i++) {
                readVarint();
                skip(readVarint());
            }
        }
    }

    /** The one tagged field that matters; {@link Uuid#ZERO_UUID} if it is not there. */
    Uuid readUuidTag(int tag) {
        Uuid found = Uuid.ZERO_UUID;
        int count = readVarint();
        for (int i = 0; i < count; i++) {
            int current = readVarint();
            int length = checked(readVarint());
            if (current == tag) {
                found = new Uuid(buffer.getLong(), buffer.getLong());
            } else {
                skip(length);
            }
        }
        return found;
    }

    private int readVarint() {
        return ByteUtils.readUnsignedVarint(buffer);
    }

    private void skip(int bytes) {
        buffer.position(buffer.position() + checked(bytes));
    }

    private String text(int length) {
        byte[] bytes = new byte[checked(length)];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int checked(int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw corrupt("expected a length of 0 to " + buffer.remaining() + ", found " + length);
        }
        return length;
    }

    private static CorruptGroupRecordException corrupt(String message) {
        return new CorruptGroupRecordException(message, null);
    }
}
