package io.penstock.core.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of metadata records into a growing array. Numbers are unsigned LEB128, strings are UTF-8 after their length.
 * Owned by one call of the codec.
 */
final class FieldWriter {
    private byte[] bytes = new byte[64];
    private int size;

    /** What was written, without copying; write no more afterwards. */
    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** Negative numbers take ten bytes. */
    FieldWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            oneByte(((int) rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return oneByte((int) rest);
    }

    FieldWriter flag(boolean value) {
        return oneByte(value ? 1 : 0);
    }

    FieldWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return number(utf8.length).raw(utf8);
    }

    FieldWriter nullableText(@Nullable String value) {
        return value == null ? flag(false) : flag(true).text(value);
    }

    FieldWriter uuid(Uuid value) {
        return fixedLong(value.getMostSignificantBits()).fixedLong(value.getLeastSignificantBits());
    }

    FieldWriter numbers(List<Integer> values) {
        number(values.size());
        values.forEach(this::number);
        return this;
    }

    private FieldWriter fixedLong(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            oneByte((int) (value >>> shift));
        }
        return this;
    }

    private FieldWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private FieldWriter oneByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
