package io.penstock.core.partition;

/**
 * What a producer says about the transaction to which its batch belongs.
 *
 * @param transactionalId name under which the producer runs its transactions
 * @param joins whether the batch makes its partition a part of the transaction (transactions of version 2); else the producer
 *     must have told the transaction coordinator before
 */
public record TransactionClaim(String transactionalId, boolean joins) {}
