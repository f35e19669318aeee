package io.penstock.storage.compact;

import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.UnpackBuffers;
import io.penstock.storage.batch.UnpackedRecords;
import java.nio.ByteBuffer;

/**
 * Fills {@link NewestOffsets} from the dirty part of a log, batch by batch in offset order. Records of aborted transactions hide no
 * others. Owned by one run.
 */
public final class KeyCollector implements AutoCloseable {
    private final NewestOffsets newest;
    private final TransactionTrace transactions;
    private final long startOffset;
    private final long maxUnpackedBytes;
    private final UnpackBuffers buffers = new UnpackBuffers();

    /** @param startOffset records below are not looked at */
    public KeyCollector(NewestOffsets newest, TransactionTrace transactions, long startOffset, long maxUnpackedBytes) {
        this.newest = newest;
        this.transactions = transactions;
        this.startOffset = startOffset;
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    /**
     * Takes one batch in.
     *
     * @param batch position to limit is one v2 batch with a right checksum; not changed
     * @return false if the table is full: the batch is not covered, and none behind it may be given
     * @throws io.penstock.storage.batch.CorruptBatchException its records cannot be read
     */
    public boolean collect(ByteBuffer batch) {
        int at = batch.position();
        boolean hidesNothing = BatchHeader.isControl(batch, at) || transactions.isAborted(batch);
        if (BatchHeader.lastOffset(batch, at) < startOffset) {
            return true;
        }
        if (!hidesNothing && !collectRecords(batch)) {
            return false;
        }
        newest.cover(BatchHeader.lastOffset(batch, at) + 1);
        return true;
    }

    private boolean collectRecords(ByteBuffer batch) {
        long baseOffset = BatchHeader.baseOffset(batch, batch.position());
        try (UnpackedRecords records = new UnpackedRecords(batch, maxUnpackedBytes, buffers)) {
            while (records.advance()) {
                ByteBuffer key = records.key();
                long offset = baseOffset + records.offsetDelta();
                if (key != null && offset >= startOffset && !newest.put(key, offset)) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}
