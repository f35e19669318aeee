package io.penstock.core.transaction;

/**
 * What a shard of transactions has done elsewhere. Called by the shard's owner; answers later, never inside the call, and only to a
 * shard that is still in use.
 */
public interface TransactionSurroundings {

    /** Gets a producer id that nobody has; {@link TransactionShard#onProducerId} or {@link TransactionShard#onNoProducerId} follows. */
    void allocateProducerId(String transactionalId);

    /** Gets markers written; {@link TransactionShard#onMarkersWritten} follows when all are. */
    void write(MarkersToWrite markers);

    /** The level of {@code transaction.version} that is in force. */
    short transactionVersion();
}
