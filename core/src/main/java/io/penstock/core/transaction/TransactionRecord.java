package io.penstock.core.transaction;

import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __transaction_state}: all there is to know about one transactional id. Immutable.
 *
 * @param state null is a tombstone: the id is forgotten
 */
public record TransactionRecord(
        String transactionalId, @Nullable TransactionState state) {}
