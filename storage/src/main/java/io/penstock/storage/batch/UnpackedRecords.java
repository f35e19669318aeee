package io.penstock.storage.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch, one at a time. Compressed ones are streamed: memory is bounded by the largest record, which is believed
 * only as its bytes arrive, and work by {@code maxUnpackedBytes}.
 *
 * <p>The checksum must have been verified. Not for an event loop: unpacking may take milliseconds. Owned by one task, which closes it.
 */
public final class UnpackedRecords implements AutoCloseable {
    private static final byte MAGIC = 2;
    private static final int FIRST_SCRATCH_BYTES = 1 << 12;

    private final ByteBuffer batch;
    private final InputStream unpacked;
    private final int recordCount;
    private long leftBytes;
    private int index;

    private ByteBuffer body = ByteBuffer.allocate(FIRST_SCRATCH_BYTES);
    private long timestampDelta;
    private int afterTimestamp;
    private int offsetDelta;
    private int keyAt;
    private int keyBytes;
    private boolean hasValue;
    private int headersAt;

    /**
     * Stands before the first record.
     *
     * @param batch position to limit is one v2 batch with a right checksum; not changed
     * @param buffers scratch memory of decompressors
     * @throws CorruptBatchException the decompressor refuses the start
     */
    public UnpackedRecords(ByteBuffer batch, long maxUnpackedBytes, BufferSupplier buffers) {
        this.batch = batch;
        this.leftBytes = maxUnpackedBytes;
        int start = batch.position();
        recordCount = BatchHeader.recordCount(batch, start);
        ByteBuffer records =
                batch.slice(start + BatchHeader.HEADER_BYTES, batch.remaining() - BatchHeader.HEADER_BYTES);
        try {
            CompressionType type = CompressionType.forId(BatchHeader.compressionCode(batch, start));
            unpacked = Compression.of(type).build().wrapForInput(records, MAGIC, buffers);
        } catch (RuntimeException e) {
            // Decompressors throw what they like, down to index and null pointer exceptions.
            throw new CorruptBatchException("unreadable records in " + describe(), e);
        }
    }

    /**
     * Goes to the next record; false behind the last.
     *
     * @throws CorruptBatchException it cannot be read, or the batch unpacks to more than the limit
     */
    public boolean advance() {
        if (index == recordCount) {
            return false;
        }
        try {
            readBody();
            parse();
        } catch (CorruptBatchException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new CorruptBatchException("unreadable record " + index + " in " + describe(), e);
        }
        index++;
        return true;
    }

    private void readBody() throws IOException {
        int bytes = readLength();
        leftBytes -= bytes;
        if (leftBytes < 0) {
            throw new CorruptBatchException(describe() + " unpacks to more than is allowed");
        }
        int got = 0;
        byte[] scratch = body.array();
        while (got < bytes) {
            if (got == scratch.length) {
                scratch = Arrays.copyOf(scratch, (int) Math.min(bytes, 2L * scratch.length));
            }
            int read = unpacked.read(scratch, got, Math.min(bytes, scratch.length) - got);
            if (read < 0) {
                throw new EOFException("record of " + bytes + " bytes ends after " + got);
            }
            got += read;
        }
        body = ByteBuffer.wrap(scratch).limit(bytes);
    }

    private int readLength() throws IOException {
        int bits = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = unpacked.read();
            if (next < 0) {
                throw new EOFException("expected " + recordCount + " records, found " + index);
            }
            leftBytes--;
            bits |= (next & 0x7f) << shift;
            if (next < 0x80) {
                int length = (bits >>> 1) ^ -(bits & 1);
                if (length < 0) {
                    throw new IllegalArgumentException("record of " + length + " bytes");
                }
                return length;
            }
        }
        throw new IllegalArgumentException("record length of more than five bytes");
    }

    private void parse() {
        body.position(0);
        body.get(); // attributes: none is defined
        timestampDelta = Varints.readLong(body);
        afterTimestamp = body.position();
        offsetDelta = Varints.readInt(body);
        keyBytes = Varints.readInt(body);
        keyAt = body.position();
        skip(keyBytes);
        int valueBytes = Varints.readInt(body);
        hasValue = valueBytes >= 0;
        skip(valueBytes);
        headersAt = body.position();
    }

    private void skip(int bytes) {
        if (bytes > body.remaining()) {
            throw new IllegalArgumentException("field of " + bytes + " bytes with " + body.remaining() + " left");
        }
        body.position(body.position() + Math.max(0, bytes));
    }

    /** How many records {@link #advance} has passed, the current one included. */
    public int recordsPassed() {
        return index;
    }

    /** Relative to the batch's base offset. */
    public int offsetDelta() {
        return offsetDelta;
    }

    /** In ms, relative to the batch's {@link BatchHeader#baseTimestamp}. */
    public long timestampDelta() {
        return timestampDelta;
    }

    /** The key until the next {@link #advance}, or null. */
    public @Nullable ByteBuffer key() {
        return keyBytes < 0 ? null : body.slice(keyAt, keyBytes);
    }

    /** False for a tombstone. */
    public boolean hasValue() {
        return hasValue;
    }

    /**
     * The value of the last header of that name until the next {@link #advance}; null if there is none, or if its value is null.
     *
     * @throws CorruptBatchException the headers cannot be read
     */
    public @Nullable ByteBuffer lastHeader(byte[] name) {
        try {
            return findLastHeader(ByteBuffer.wrap(name));
        } catch (RuntimeException e) {
            throw new CorruptBatchException("unreadable headers of record " + (index - 1) + " in " + describe(), e);
        }
    }

    private @Nullable ByteBuffer findLastHeader(ByteBuffer name) {
        ByteBuffer headers = body.duplicate().position(headersAt);
        ByteBuffer found = null;
        for (int left = Varints.readInt(headers); left > 0; left--) {
            ByteBuffer key = readField(headers);
            ByteBuffer value = readField(headers);
            if (name.equals(key)) {
                found = value;
            }
        }
        return found;
    }

    private static @Nullable ByteBuffer readField(ByteBuffer from) {
        int bytes = Varints.readInt(from);
        if (bytes < 0) {
            return null;
        }
        ByteBuffer field = from.slice(from.position(), bytes);
        from.position(from.position() + bytes);
        return field;
    }

    /** Bytes of the current record that follow the timestamp delta: offset delta, key, value, headers. Until the next {@link #advance}. */
    ByteBuffer afterTimestamp() {
        return body.slice(afterTimestamp, body.limit() - afterTimestamp);
    }

    /** Attributes of the current record. */
    byte attributes() {
        return body.get(0);
    }

    private String describe() {
        return "the batch of " + batch.remaining() + " bytes at offset "
                + BatchHeader.baseOffset(batch, batch.position());
    }

    @Override
    public void close() {
        try {
            unpacked.close();
        } catch (IOException e) {
            throw new CorruptBatchException("cannot end the records of " + describe(), e);
        }
    }
}
