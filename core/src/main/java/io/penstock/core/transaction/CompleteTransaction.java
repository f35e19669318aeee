package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** All markers of a prepared transaction are written. Nothing happens if that is known already. */
record CompleteTransaction(String transactionalId, long producerId, short producerEpoch) implements TransactionCommand {

    @Override
    public boolean isInternal() {
        return true;
    }

    @Override
    public void refuse(Errors error) {}

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        return state != null && isTheSame(state)
                ? new TransactionDecision.Written(state.toComplete(circumstances.nowMs()), () -> {})
                : TransactionDecision.nothing();
    }

    private boolean isTheSame(TransactionState state) {
        return state.status().isPrepared()
                && state.producerId() == producerId
                && state.producerEpoch() == producerEpoch;
    }
}
