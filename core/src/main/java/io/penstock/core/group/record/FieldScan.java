package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one key or value in Kafka's primitive encodings. Believes no length that passes the end: then it throws
 * {@link CorruptGroupRecordException} or, at the end of the buffer, {@link java.nio.BufferUnderflowException}. Owned by one call.
 */
final class FieldScan {
    private static final int NO_TAG = -1;

    private final ByteBuffer buffer;
    private boolean flexible;
    /** The last one read: many records in a row name the same. */
    private Uuid lastUuid = Uuid.ZERO_UUID;

    FieldScan(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    byte readByte() {
        return buffer.get();
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

    /** Length of an array in the flexible encoding; negative if the array is null. */
    int readNullableCount() {
        int count = readVarint() - 1;
        return count < 0 ? count : checked(count);
    }

    List<String> readTexts() {
        int count = readCount();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(readText());
        }
        return texts;
    }

    int[] readCompactInts() {
        return ints(readVarint() - 1);
    }

    /** As {@link #readCompactInts}, but an array that is null counts as empty. */
    int[] readCompactNullableInts() {
        int count = readVarint() - 1;
        return count < 0 ? new int[0] : ints(count);
    }

    private int[] ints(int count) {
        checked(count);
        checked(Math.multiplyExact(count, Integer.BYTES));
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = buffer.getInt();
        }
        return values;
    }

    Uuid readUuid() {
        long most = buffer.getLong();
        long least = buffer.getLong();
        if (lastUuid.getMostSignificantBits() != most || lastUuid.getLeastSignificantBits() != least) {
            lastUuid = new Uuid(most, least);
        }
        return lastUuid;
    }

    /** Bytes that are not read yet. */
    int remaining() {
        return buffer.remaining();
    }

    /** Passes over tagged fields, of which none is known, in a flexible encoding. */
    void skipTags() {
        if (flexible) {
            readTag(NO_TAG, fields -> "", "");
        }
    }

    /**
     * Reads the one tagged field that is known and passes over others.
     *
     * @param reader must read the whole field
     * @param absent the answer if the field is not there
     */
    <T> T readTag(int tag, Function<FieldScan, T> reader, T absent) {
        T found = absent;
        int count = readVarint();
        for (int i = 0; i < count; i++) {
            int current = readVarint();
            int length = checked(readVarint());
            int end = buffer.position() + length;
            if (current == tag) {
                found = reader.apply(this);
                checkEnd(end);
            }
            buffer.position(end);
        }
        return found;
    }

    /** Reads tagged fields and passes over those that the reader does not know. */
    void readTags(TagReader reader) {
        int count = readVarint();
        for (int i = 0; i < count; i++) {
            int tag = readVarint();
            int length = checked(readVarint());
            int end = buffer.position() + length;
            if (reader.read(tag, this)) {
                checkEnd(end);
            }
            buffer.position(end);
        }
    }

    /** Reads one tagged field as a whole, or nothing of it. */
    @FunctionalInterface
    interface TagReader {
        /** Whether the tag is known and the field was read. */
        boolean read(int tag, FieldScan fields);
    }

    private void checkEnd(int end) {
        if (buffer.position() != end) {
            throw corrupt("expected a tagged field up to byte " + end + ", found " + buffer.position());
        }
    }

    /** Whether a nullable structure follows, in a flexible encoding. */
    boolean readPresence() {
        return readVarint() > 0;
    }

    private int readVarint() {
        return ByteUtils.readUnsignedVarint(buffer);
    }

    private String text(int length) {
        if (length == 0) {
            return "";
        }
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
