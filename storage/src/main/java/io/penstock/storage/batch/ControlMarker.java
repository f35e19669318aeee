package io.penstock.storage.batch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a transaction, as the only record of a control batch tells it (KIP-98). Immutable.
 *
 * @param isAbort whether the transaction was aborted rather than committed
 * @param coordinatorEpoch epoch of the transaction coordinator that wrote the marker
 */
public record ControlMarker(boolean isAbort, int coordinatorEpoch) {
    private static final short TYPE_ABORT = 0;
    private static final short TYPE_COMMIT = 1;

    /**
     * Reads the marker of a control batch.
     *
     * @param batch position to limit is one v2 batch with the control bit set; not changed
     * @return null if the batch is empty (compacted away) or controls something else than a transaction
     * @throws CorruptBatchException the record cannot be read
     */
    public static @Nullable ControlMarker read(ByteBuffer batch) {
        int start = batch.position();
        if (BatchHeader.recordCount(batch, start) == 0) {
            return null;
        }
        try {
            return readRecord(batch.duplicate().position(start + BatchHeader.HEADER_BYTES));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptBatchException(
                    "unreadable control record in the batch at offset " + BatchHeader.baseOffset(batch, start), e);
        }
    }

    private static @Nullable ControlMarker readRecord(ByteBuffer record) {
        Varints.readInt(record); // length of the record
        record.get(); // attributes
        Varints.readLong(record); // timestamp delta
        Varints.readInt(record); // offset delta
        ByteBuffer key = readBytes(record);
        key.getShort(); // version
        short type = key.getShort();
        if (type != TYPE_ABORT && type != TYPE_COMMIT) {
            return null;
        }
        ByteBuffer value = readBytes(record);
        value.getShort(); // version
        return new ControlMarker(type == TYPE_ABORT, value.getInt());
    }

    private static ByteBuffer readBytes(ByteBuffer record) {
        int bytes = Varints.readInt(record);
        if (bytes < 0 || bytes > record.remaining()) {
            throw new IllegalArgumentException("field of " + bytes + " bytes with " + record.remaining() + " left");
        }
        ByteBuffer field = record.slice(record.position(), bytes);
        record.position(record.position() + bytes);
        return field;
    }
}
