package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/** Collects the fields of one key or value in Kafka's primitive encodings. Owned by one call. */
final class RecordFields {
    private static final int MAX_STRING_BYTES = Short.MAX_VALUE;
    private static final int UUID_BYTES = 16;

    private ByteBuffer buffer = ByteBuffer.allocate(128);

    void writeByte(byte value) {
        room(Byte.BYTES).put(value);
    }

    void writeShort(short value) {
        room(Short.BYTES).putShort(value);
    }

    void writeInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void writeLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    void writeString(String text) {
        byte[] bytes = utf8(text);
        room(Short.BYTES + bytes.length).putShort((short) bytes.length).put(bytes);
    }

    void writeNullableString(@Nullable String text) {
        if (text == null) {
            writeShort((short) -1);
        } else {
            writeString(text);
        }
    }

    void writeCompactString(String text) {
        byte[] bytes = utf8(text);
        writeVarint(bytes.length + 1);
        room(bytes.length).put(bytes);
    }

    void writeCompactNullableString(@Nullable String text) {
        if (text == null) {
            writeVarint(0);
        } else {
            writeCompactString(text);
        }
    }

    void writeCompactBytes(byte[] bytes) {
        writeVarint(bytes.length + 1);
        room(bytes.length).put(bytes);
    }

    /** Length of an array in the flexible encoding. */
    void writeCompactCount(int count) {
        writeVarint(count + 1);
    }

    void writeCompactStrings(List<String> texts) {
        writeCompactCount(texts.size());
        texts.forEach(this::writeCompactString);
    }

    void writeCompactInts(int[] values) {
        writeCompactCount(values.length);
        room(Integer.BYTES * values.length);
        for (int value : values) {
            writeInt(value);
        }
    }

    void writeUuid(Uuid value) {
        room(UUID_BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    void writeBytes(byte[] bytes) {
        room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
    }

    /** The tagged fields of a structure that has none. */
    void writeNoTags() {
        writeVarint(0);
    }

    /** The tagged fields of a structure that has one. */
    void writeTag(int tag, RecordFields value) {
        writeVarint(1);
        writeVarint(tag);
        int length = value.buffer.position();
        writeVarint(length);
        room(length).put(value.buffer.array(), 0, length);
    }

    /** The tagged fields of a structure that has any number of them. */
    void writeTags(SortedMap<Integer, RecordFields> tags) {
        writeVarint(tags.size());
        tags.forEach((tag, value) -> {
            int length = value.buffer.position();
            writeVarint(tag);
            writeVarint(length);
            room(length).put(value.buffer.array(), 0, length);
        });
    }

    private void writeVarint(int value) {
        ByteUtils.writeUnsignedVarint(value, room(5));
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_STRING_BYTES) {
            throw new UnstorableRecordException(
                    "a text of " + bytes.length + " bytes, but at most " + MAX_STRING_BYTES + " can be stored");
        }
        return bytes;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = Math.addExact(buffer.position(), bytes);
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * buffer.capacity());
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, doubled));
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
