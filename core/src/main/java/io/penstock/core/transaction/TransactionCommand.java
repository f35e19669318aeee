package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Something that a client, a partition or a deadline wants of one transactional id. Immutable. */
public sealed interface TransactionCommand
        permits AddPartitions,
                CompleteTransaction,
                EndTransaction,
                EndTransactionV2,
                ExpireTransactionalId,
                InitProducerId,
                TimeOutTransaction,
                VerifyPartitions {
    String transactionalId();

    /**
     * What it comes to; changes nothing, and may be asked again for a later state.
     *
     * @param state null if the id is unknown
     */
    TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances);

    /** Answers with an error instead, if there is anybody to answer. */
    void refuse(Errors error);

    /** Whether the shard itself wants it: then it is never refused but tried again a little later. */
    default boolean isInternal() {
        return false;
    }

    /** How long it may wait for the id's transaction to be complete, in milliseconds. */
    default long patienceMs() {
        return 0;
    }

    /** This and the next command as one, if that makes no difference to either; else null. */
    default @Nullable TransactionCommand with(TransactionCommand next) {
        return null;
    }
}
