package io.penstock.core.partition;

import java.nio.ByteBuffer;

/**
 * Reads the declared sizes of a snappy stream before the snappy library does, which allocates what they say.
 *
 * <p>Two layouts exist. snappy-java's: 8 bytes of magic, 4 of version, 4 of least version, then chunks, each a 4-byte length and
 * a raw block. Or one raw block alone. A raw block starts with the unpacked length as a little-endian base-128 number.
 */
public final class SnappyFraming {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int HEADER_BYTES = 16;
    /** The densest element of the format makes 64 bytes out of 3; a bit more is allowed here. */
    private static final int MAX_RATIO = 22;

    private SnappyFraming() {}

    /**
     * Whether a stream may be given to the library: what it says about its sizes can be true, and they add up to no more than
     * {@code maxBytes}.
     *
     * @param stream position to limit is the snappy stream; not changed
     */
    public static boolean isWithin(ByteBuffer stream, long maxBytes) {
        try {
            return unpackedBytes(stream) <= maxBytes;
        } catch (BadRecordsException cannotBeTrue) {
            return false; // the answer: such a stream is as bad as one that is too large
        }
    }

    /**
     * Adds up what a stream says that it unpacks to, and refuses one that cannot be true.
     *
     * @param stream position to limit is the snappy stream; not changed
     * @return bytes, at least 0
     * @throws BadRecordsException the stream must not be given to the library
     */
    static long unpackedBytes(ByteBuffer stream) {
        int start = stream.position();
        int end = stream.limit();
        if (end - start < HEADER_BYTES || stream.getLong(start) != MAGIC) {
            return blockBytes(stream, start, end);
        }
        long total = 0;
        int at = start + HEADER_BYTES;
        while (end - at >= Integer.BYTES) {
            int length = stream.getInt(at);
            at += Integer.BYTES;
            if (length == (int) (MAGIC >>> 32)) {
                at += HEADER_BYTES - Integer.BYTES; // concatenated streams repeat the header
            } else if (length < 0 || length > end - at) {
                throw BadRecordsException.invalid("Snappy chunk of " + length + " bytes with " + (end - at) + " left");
            } else {
                total += blockBytes(stream, at, at + length);
                at += length;
            }
        }
        return total;
    }

    private static long blockBytes(ByteBuffer stream, int start, int end) {
        long unpacked = 0;
        int at = start;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at == end) {
                throw BadRecordsException.invalid("Snappy block without length");
            }
            byte b = stream.get(at++);
            unpacked |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return plausible(unpacked, end - at);
            }
        }
        throw BadRecordsException.invalid("Snappy block with an endless length");
    }

    private static long plausible(long unpackedBytes, int packedBytes) {
        if (unpackedBytes > (long) packedBytes * MAX_RATIO) {
            throw BadRecordsException.invalid(
                    "Snappy block of " + packedBytes + " bytes cannot unpack to " + unpackedBytes);
        }
        return unpackedBytes;
    }
}
