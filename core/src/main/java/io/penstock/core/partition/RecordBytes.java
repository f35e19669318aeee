package io.penstock.core.partition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The record bytes of one batch as a forward-only sequence, uncompressed, through one small reused buffer: memory does not grow
 * with what a batch unpacks to. Counts what it yields and stops at a limit.
 *
 * <p>Owned by one {@link BatchValidator}. All reads throw {@link BadRecordsException} when the bytes end or cannot be unpacked.
 */
final class RecordBytes {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int next;
    private int end;
    /** Bytes handed out before the chunk. */
    private long before;

    private @Nullable ByteBuffer plain;
    private @Nullable InputStream packed;
    private long limitBytes;
    /** Whether the limit is the batch's own, not the caller's. */
    private boolean isHardLimit;

    /** Starts on records that are not compressed; what lies before the buffer's position counts as read. The position moves. */
    void start(ByteBuffer records, long workLimitBytes) {
        reset(workLimitBytes, Long.MAX_VALUE);
        before = records.position();
        plain = records;
    }

    /** Starts on a decompressing stream, which the caller closes. */
    void start(InputStream records, long workLimitBytes, long maxBytes) {
        reset(workLimitBytes, maxBytes);
        packed = records;
    }

    private void reset(long workLimitBytes, long maxBytes) {
        plain = null;
        packed = null;
        next = 0;
        end = 0;
        before = 0;
        limitBytes = Math.min(workLimitBytes, maxBytes);
        isHardLimit = maxBytes <= workLimitBytes;
    }

    /** Forgets the batch, so that its memory can go. */
    void clear() {
        plain = null;
        packed = null;
    }

    /** Bytes read or skipped so far. */
    long position() {
        return before + next;
    }

    byte readByte() {
        if (next == end) {
            refill();
        }
        return chunk[next++];
    }

    /** A zigzag number of at most five bytes. */
    int readVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = readByte();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw BadRecordsException.invalid("Found a variable-length number of more than five bytes");
    }

    /** A zigzag number of at most ten bytes. */
    long readVarlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = readByte();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw BadRecordsException.invalid("Found a variable-length number of more than ten bytes");
    }

    /** Passes over {@code bytes}, 0 or more. */
    void skip(int bytes) {
        int left = bytes;
        while (left > end - next) {
            left -= end - next;
            next = end;
            if (plain != null && left > CHUNK_BYTES) {
                left -= jump(plain, left);
            }
            if (left > 0) {
                refill();
            }
        }
        next += left;
    }

    /** Passes over as many bytes as are expected; answers whether they are these. */
    boolean readsAs(byte[] expected) {
        boolean same = true;
        for (byte b : expected) {
            same &= readByte() == b;
        }
        return same;
    }

    /** Passes over {@code bytes}, 0 or more, and gives them to a digest. */
    void digest(int bytes, MessageDigest digest) {
        int left = bytes;
        while (left > 0) {
            if (next == end) {
                refill();
            }
            int part = Math.min(left, end - next);
            digest.update(chunk, next, part);
            next += part;
            left -= part;
        }
    }

    /** Moves over plain bytes without copying them; the chunk must be used up. */
    private int jump(ByteBuffer records, int bytes) {
        int jumped = Math.min(bytes, records.remaining());
        records.position(records.position() + jumped);
        count(jumped);
        return jumped;
    }

    /** Whether all bytes have been read. */
    boolean isAtEnd() {
        return next == end && !canRefill();
    }

    private void refill() {
        if (!canRefill()) {
            throw BadRecordsException.invalid("Incorrect declared batch size, premature EOF reached");
        }
    }

    private boolean canRefill() {
        before += end;
        next = 0;
        end = 0;
        int got = plain != null ? copyPlain(plain) : unpack();
        if (got <= 0) {
            return false;
        }
        end = got;
        checkLimit();
        return true;
    }

    private int copyPlain(ByteBuffer records) {
        int got = Math.min(records.remaining(), CHUNK_BYTES);
        records.get(chunk, 0, got);
        return got;
    }

    private int unpack() {
        InputStream stream = packed;
        if (stream == null) {
            return -1;
        }
        try {
            return stream.read(chunk, 0, CHUNK_BYTES);
        } catch (IOException | RuntimeException e) {
            throw unpackingFailed(e);
        } catch (Error e) {
            if (isOfCodec(e)) {
                throw unpackingFailed(e);
            }
            throw e;
        }
    }

    private void count(int bytes) {
        before += end + (long) bytes;
        next = 0;
        end = 0;
        checkLimit();
    }

    private void checkLimit() {
        if (before + end > limitBytes) {
            throw isHardLimit ? BadRecordsException.tooLarge(limitBytes) : BadRecordsException.tooMuchWork();
        }
    }

    /** The snappy library tells of bad data by an error of its own. */
    private static boolean isOfCodec(Error e) {
        return !(e instanceof VirtualMachineError || e instanceof LinkageError);
    }

    static BadRecordsException unpackingFailed(Throwable cause) {
        return BadRecordsException.invalid("Failed to decompress the records: " + cause.getMessage());
    }
}
