package io.penstock.storage.batch;

import java.nio.ByteBuffer;

/** Zigzag variable-length integers, as records use them. Stateless. */
final class Varints {
    private Varints() {}

    /** Reads at the buffer's position; {@link IllegalArgumentException} if longer than five bytes. */
    static int readInt(ByteBuffer buf) {
        long value = readUnsigned(buf, 35);
        int bits = (int) value;
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** Reads at the buffer's position; {@link IllegalArgumentException} if longer than ten bytes. */
    static long readLong(ByteBuffer buf) {
        long value = readUnsigned(buf, 70);
        return (value >>> 1) ^ -(value & 1);
    }

    private static long readUnsigned(ByteBuffer buf, int maxShift) {
        long value = 0;
        for (int shift = 0; shift < maxShift; shift += 7) {
            byte next = buf.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("variable-length integer of more than " + maxShift / 7 + " bytes");
    }

    /** Writes to {@code bytes} from {@code at} on; returns how many bytes, at most ten. An int is written the same way. */
    static int writeLong(long value, byte[] bytes, int at) {
        long bits = (value << 1) ^ (value >> 63);
        int count = 0;
        while ((bits & ~0x7fL) != 0) {
            bytes[at + count++] = (byte) ((bits & 0x7f) | 0x80);
            bits >>>= 7;
        }
        bytes[at + count++] = (byte) bits;
        return count;
    }
}
