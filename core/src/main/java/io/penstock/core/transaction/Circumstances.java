package io.penstock.core.transaction;

import io.penstock.core.group.Now;

/**
 * What counts for one decision beside the state of the transactional id. Immutable.
 *
 * @param ageMs milliseconds since 1970 by which to judge whether something is old
 * @param freshProducerId a producer id that nobody has, {@link TransactionState#NO_ID} if there is none at hand
 * @param transactionVersion the level of {@code transaction.version} that is in force
 * @param hasRoom whether the shard may grow
 */
public record Circumstances(
        Now now,
        long ageMs,
        long freshProducerId,
        short transactionVersion,
        boolean hasRoom,
        TransactionSettings settings) {

    long nowMs() {
        return now.wallMs();
    }

    boolean hasFreshProducerId() {
        return freshProducerId != TransactionState.NO_ID;
    }

    /** Whether the broker itself ends transactions in version 2. */
    boolean endsInVersion2() {
        return transactionVersion >= TransactionState.VERSION_2;
    }
}
