package io.penstock.core.group.record;

/**
 * Who writes in a transaction.
 *
 * @param id the producer id; it has one transaction at a time
 * @param epoch the producer's epoch; a batch of an older one is refused
 */
public record TransactionProducer(long id, short epoch) {}
