package io.penstock.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Builds bytes that can tell whether they are whole: a header that never changes, then the payload.
 *
 * <pre>
 * at  bytes  field
 *  0    4    magic: what this is, four ASCII letters
 *  4    2    format version of the payload
 *  6    4    payload bytes
 * 10    4    CRC-32C of bytes 0 to 9 and of the payload
 * 14    …    payload, big endian
 * </pre>
 *
 * <p>Owned by one thread. Write exactly the payload bytes announced, then call {@link #toBytes}.
 */
public final class SealedWriter {
    static final int HEADER_BYTES = 14;
    static final int CRC_POSITION = 10;

    private final ByteBuffer buffer;

    /**
     * @param magic see {@link #magic}
     * @param version 1 or more
     * @param payloadBytes exact size of what will be written
     */
    public SealedWriter(int magic, int version, int payloadBytes) {
        if (version < 1 || version > Short.MAX_VALUE) {
            throw new IllegalArgumentException("format version out of range: " + version);
        }
        buffer = ByteBuffer.allocate(Math.addExact(HEADER_BYTES, payloadBytes));
        buffer.putInt(magic).putShort((short) version).putInt(payloadBytes).putInt(0);
    }

    /** Packs four ASCII letters into a magic number. */
    public static int magic(String fourLetters) {
        if (fourLetters.length() != 4) {
            throw new IllegalArgumentException("expected four letters, found '" + fourLetters + "'");
        }
        int magic = 0;
        for (int i = 0; i < 4; i++) {
            magic = (magic << 8) | (fourLetters.charAt(i) & 0xff);
        }
        return magic;
    }

    public SealedWriter putShort(int value) {
        buffer.putShort((short) value);
        return this;
    }

    public SealedWriter putInt(int value) {
        buffer.putInt(value);
        return this;
    }

    public SealedWriter putLong(long value) {
        buffer.putLong(value);
        return this;
    }

    public SealedWriter putBytes(byte[] bytes) {
        buffer.put(bytes);
        return this;
    }

    /** Writes the first {@code count} values. */
    public SealedWriter putLongs(long[] values, int count) {
        for (int i = 0; i < count; i++) {
            buffer.putLong(values[i]);
        }
        return this;
    }

    /** Seals and returns the bytes; the writer must not be used any more. */
    public byte[] toBytes() {
        if (buffer.hasRemaining()) {
            throw new IllegalStateException(
                    "expected " + buffer.capacity() + " bytes to be written, found " + buffer.position());
        }
        buffer.putInt(CRC_POSITION, checksum(buffer.array()));
        return buffer.array();
    }

    /** Checksum of sealed bytes: all but the checksum field itself. */
    static int checksum(byte[] sealed) {
        CRC32C crc = new CRC32C();
        crc.update(sealed, 0, CRC_POSITION);
        crc.update(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
        return (int) crc.getValue();
    }
}
