package io.penstock.storage;

/**
 * A transaction that ended in an abort marker, as the per-segment transaction index keeps it (KIP-98).
 *
 * @param firstOffset first record of the transaction in this partition
 * @param lastOffset offset of the abort marker, inclusive
 * @param lastStableOffset last stable offset after the marker; bounds how far back a reader must look
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
