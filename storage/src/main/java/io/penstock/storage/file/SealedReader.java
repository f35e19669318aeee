package io.penstock.storage.file;

import java.nio.ByteBuffer;

/**
 * Reads what {@link SealedWriter} wrote, or says what is wrong with it. Every count is checked against the bytes that are left
 * before anything is allocated for it, so damaged bytes never cost memory.
 *
 * <p>Owned by one thread. Any doubt ends in {@link CorruptFileException}, an intact newer version in {@link FutureVersionException}.
 */
public final class SealedReader {
    private final ByteBuffer buffer;
    private final String what;
    private final int version;

    private SealedReader(ByteBuffer buffer, String what, int version) {
        this.buffer = buffer;
        this.what = what;
        this.version = version;
    }

    /**
     * Checks header and checksum, and stands at the start of the payload.
     *
     * @param sealed exactly what {@link SealedWriter#toBytes} gave; kept, not copied
     * @param magic what it must be
     * @param newestVersion newest payload version that the caller can read
     * @param what names the thing in messages: a path, or a noun
     */
    public static SealedReader open(byte[] sealed, int magic, int newestVersion, String what)
            throws CorruptFileException, FutureVersionException {
        if (sealed.length < SealedWriter.HEADER_BYTES) {
            throw new CorruptFileException(what + ": expected a header of " + SealedWriter.HEADER_BYTES
                    + " bytes, found " + sealed.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        int foundMagic = buffer.getInt();
        int version = buffer.getShort();
        int payloadBytes = buffer.getInt();
        int storedCrc = buffer.getInt();
        expect(what, "magic", hex(magic), hex(foundMagic));
        expect(what, "payload bytes", payloadBytes, buffer.remaining());
        expect(what, "checksum", hex(storedCrc), hex(SealedWriter.checksum(sealed)));
        // After the checksum: a version is only believed from intact bytes.
        if (version > newestVersion) {
            throw new FutureVersionException(what, version, newestVersion);
        }
        return new SealedReader(buffer, what, version);
    }

    private static void expect(String what, String field, Object expected, Object found) throws CorruptFileException {
        if (!expected.equals(found)) {
            throw new CorruptFileException(what + ": expected " + field + " " + expected + ", found " + found);
        }
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    /** Format version of the payload, at most the newest one asked for. */
    public int version() {
        return version;
    }

    public short readShort() throws CorruptFileException {
        need(Short.BYTES);
        return buffer.getShort();
    }

    public int readInt() throws CorruptFileException {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    public long readLong() throws CorruptFileException {
        need(Long.BYTES);
        return buffer.getLong();
    }

    /** Reads a count of entries, each of at least {@code bytesPerEntry} bytes, all of which must fit into the bytes left. */
    public int readCount(int bytesPerEntry) throws CorruptFileException {
        int count = readInt();
        if (count < 0 || (long) count * bytesPerEntry > buffer.remaining()) {
            throw corrupt(
                    "a count that fits into " + buffer.remaining() + " bytes",
                    count + " of " + bytesPerEntry + " bytes");
        }
        return count;
    }

    public byte[] readBytes(int count) throws CorruptFileException {
        need(count);
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    /** Reads {@code count} values; see {@link #readCount}. */
    public long[] readLongs(int count) throws CorruptFileException {
        need((long) count * Long.BYTES);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = buffer.getLong();
        }
        return values;
    }

    /** Nothing may follow. */
    public void expectEnd() throws CorruptFileException {
        if (buffer.hasRemaining()) {
            throw corrupt("the end", buffer.remaining() + " more bytes");
        }
    }

    /** The exception for a value that cannot be: the caller throws it. */
    public CorruptFileException corrupt(String expected, Object found) {
        return new CorruptFileException(
                what + ": expected " + expected + " before byte " + buffer.position() + ", found " + found);
    }

    private void need(long bytes) throws CorruptFileException {
        if (bytes < 0 || bytes > buffer.remaining()) {
            throw corrupt(bytes + " bytes", buffer.remaining() + " bytes left");
        }
    }
}
