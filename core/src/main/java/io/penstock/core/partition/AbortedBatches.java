package io.penstock.core.partition;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells batches of aborted transactions from others, for readers that must not see them. A batch belongs to one producer, and a
 * producer has one transaction at a time in a partition, so producer and offset decide. Markers do not count: they are what moves a
 * reader on that stands before nothing but aborted records. Immutable.
 */
public final class AbortedBatches {
    /** For each producer id: last offset of a transaction by its first. */
    private final Map<Long, TreeMap<Long, Long>> transactions = new HashMap<>();

    /**
     * Of a stretch of a log.
     *
     * @param aborted all aborted transactions that overlap the batches which will be asked about
     */
    public AbortedBatches(List<AbortedTransaction> aborted) {
        for (AbortedTransaction transaction : aborted) {
            transactions
                    .computeIfAbsent(transaction.producerId(), id -> new TreeMap<>())
                    .put(transaction.firstOffset(), transaction.lastOffset());
        }
    }

    /** Whether the batch that begins at {@code at} holds records of an aborted transaction. */
    public boolean contains(ByteBuffer buffer, int at) {
        if (!BatchHeader.isTransactional(buffer, at) || BatchHeader.isControl(buffer, at)) {
            return false;
        }
        TreeMap<Long, Long> ofProducer = transactions.get(BatchHeader.producerId(buffer, at));
        if (ofProducer == null) {
            return false;
        }
        long baseOffset = BatchHeader.baseOffset(buffer, at);
        Map.Entry<Long, Long> begun = ofProducer.floorEntry(baseOffset);
        return begun != null && baseOffset <= begun.getValue();
    }

    /**
     * Leaves them out.
     *
     * @param slices whole batches; taken over
     * @return the others, in the same memory; owned by the caller; {@link LogSlices#EMPTY} if there are none
     */
    public LogSlices outOf(LogSlices slices) {
        return transactions.isEmpty() || slices.sizeBytes() == 0 ? slices : CutSlices.of(slices, this);
    }
}
