package io.penstock.core.partition;

import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;

/** What the header of a batch tells about its producer. Read before the batch is validated, so of no more than its header. */
public record TransactionBatch(long producerId, short producerEpoch, int baseSequence, boolean isTransactional) {

    /**
     * What the header of a batch says.
     *
     * @param batch position to limit is meant to be one v2 batch; one that is too short for a header has no producer
     */
    public static TransactionBatch of(ByteBuffer batch) {
        int at = batch.position();
        return batch.remaining() < BatchHeader.HEADER_BYTES
                ? new TransactionBatch(BatchHeader.NO_PRODUCER_ID, (short) -1, BatchHeader.NO_SEQUENCE, false)
                : new TransactionBatch(
                        BatchHeader.producerId(batch, at),
                        BatchHeader.producerEpoch(batch, at),
                        BatchHeader.baseSequence(batch, at),
                        BatchHeader.isTransactional(batch, at));
    }

    public boolean hasProducerId() {
        return producerId > BatchHeader.NO_PRODUCER_ID;
    }
}
