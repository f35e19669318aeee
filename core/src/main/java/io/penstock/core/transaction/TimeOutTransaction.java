package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A transaction has taken longer than it may: it is aborted and its producer fenced. Nothing happens if another is under way.
 *
 * @param startMs when the transaction began, by its state
 */
record TimeOutTransaction(String transactionalId, long producerId, short producerEpoch, long startMs)
        implements TransactionCommand {

    @Override
    public boolean isInternal() {
        return true;
    }

    @Override
    public void refuse(Errors error) {}

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        return state != null && isTheSame(state)
                ? Fencing.of(state, circumstances, () -> {})
                : TransactionDecision.nothing();
    }

    private boolean isTheSame(TransactionState state) {
        return state.status() == TransactionStatus.ONGOING
                && state.producerId() == producerId
                && state.producerEpoch() == producerEpoch
                && state.startMs() == startMs;
    }
}
