package io.penstock.core.transaction;

/**
 * The end of a transaction, on its way into a partition that took part in it. Immutable.
 *
 * @param producerEpoch epoch of the marker: that of the transaction, or the next one if transactions of version 2 end it (KIP-890)
 * @param coordinatorEpoch leader epoch of the coordinator's partition; a marker of an older one is refused
 * @param isCommit whether the transaction was committed rather than aborted
 * @param transactionVersion 1, or 2 if the marker's epoch must be above that of every batch of the transaction
 */
public record TransactionMarker(
        long producerId, short producerEpoch, int coordinatorEpoch, boolean isCommit, int transactionVersion) {}
