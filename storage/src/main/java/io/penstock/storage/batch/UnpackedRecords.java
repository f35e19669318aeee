package io.penstock.storage.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch, one at a time: where they lie if they are not compressed, else streamed ({@link StreamedBodies}).
 *
 * <p>The checksum must have been verified. Not for an event loop: unpacking may take milliseconds. Owned by one task, which closes it.
 */
public final class UnpackedRecords implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer batch;
    private final RecordBodies bodies;
    private final int recordCount;
    private int index;

    private ByteBuffer body = NOTHING;
    private int bodyAt;
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
     * @param maxUnpackedBytes what the records of a compressed batch may have in all
     * @param buffers lent until this is closed
     * @throws CorruptBatchException the decompressor refuses the start
     */
    public UnpackedRecords(ByteBuffer batch, long maxUnpackedBytes, UnpackBuffers buffers) {
        this.batch = batch;
        int start = batch.position();
        recordCount = BatchHeader.recordCount(batch, start);
        ByteBuffer records =
                batch.slice(start + BatchHeader.HEADER_BYTES, batch.remaining() - BatchHeader.HEADER_BYTES);
        try {
            CompressionType type = CompressionType.forId(BatchHeader.compressionCode(batch, start));
            bodies = type == CompressionType.NONE
                    ? new PlainBodies(records)
                    : new StreamedBodies(records, type, maxUnpackedBytes, buffers);
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
            body = bodies.next();
            parse();
        } catch (IOException | RuntimeException e) {
            throw new CorruptBatchException(
                    "unreadable record " + index + " in " + describe() + ": " + e.getMessage(), e);
        }
        index++;
        return true;
    }

    private void parse() {
        bodyAt = body.position();
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
        return body.get(bodyAt);
    }

    private String describe() {
        return "the batch of " + batch.remaining() + " bytes at offset "
                + BatchHeader.baseOffset(batch, batch.position());
    }

    @Override
    public void close() {
        try {
            bodies.close();
        } catch (IOException e) {
            throw new CorruptBatchException("cannot end the records of " + describe(), e);
        }
    }
}
