package io.penstock.core.group.record;

/**
 * An offset committed in a transaction: it counts from the marker on that commits the transaction.
 *
 * @param record no tombstone: one that is written in a transaction counts at once
 */
public record TransactionalOffset(TransactionProducer producer, OffsetRecord record) implements GroupLogEntry {
    public TransactionalOffset {
        if (record.isTombstone()) {
            throw new IllegalArgumentException("expected an offset of " + record.groupId() + ", found a tombstone");
        }
    }
}
