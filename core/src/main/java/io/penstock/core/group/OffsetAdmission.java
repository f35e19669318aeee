package io.penstock.core.group;

import io.penstock.core.group.record.TransactionProducer;

/**
 * Leave of a producer to write offsets in its transaction, asked for before the transaction coordinator is, and void as soon as the
 * transaction's end is on its way into the log: an offset written after that would belong to no transaction that ever ends (KIP-890).
 * Immutable.
 *
 * @param shard who gave it; nobody else knows whether it is void
 * @param endCount ends of transactions that the shard had seen
 * @param isOpen whether the transaction has written offsets here, so that nobody needs to be asked
 */
public record OffsetAdmission(CoordinatorShard shard, TransactionProducer producer, long endCount, boolean isOpen) {}
