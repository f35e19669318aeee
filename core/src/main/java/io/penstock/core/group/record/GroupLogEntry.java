package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * What stands in a coordinator's log, in its order: a record that counts at once, one that counts if its transaction is committed, or
 * the end of a transaction. Immutable.
 */
public sealed interface GroupLogEntry permits GroupRecord, TransactionalOffset, TransactionEnd {

    /**
     * A record as it stands in a batch. In a transaction too, tombstones and what is no offset count at once, as in Kafka.
     *
     * @param transaction whose batch it is; null outside of transactions
     */
    static GroupLogEntry of(GroupRecord record, @Nullable TransactionProducer transaction) {
        return transaction != null && record instanceof OffsetRecord offset && !offset.isTombstone()
                ? new TransactionalOffset(transaction, offset)
                : record;
    }
}
