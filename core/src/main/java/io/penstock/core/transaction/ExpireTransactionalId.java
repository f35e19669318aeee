package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Forgets a transactional id if it has not been used for long. */
record ExpireTransactionalId(String transactionalId) implements TransactionCommand {

    @Override
    public boolean isInternal() {
        return true;
    }

    @Override
    public void refuse(Errors error) {}

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        return state != null && isIdle(state) && isOld(state, circumstances)
                ? new TransactionDecision.Written(null, () -> {})
                : TransactionDecision.nothing();
    }

    private static boolean isIdle(TransactionState state) {
        return state.status() == TransactionStatus.EMPTY || state.status().isComplete();
    }

    private static boolean isOld(TransactionState state, Circumstances circumstances) {
        return state.updateMs()
                <= circumstances.ageMs() - circumstances.settings().idExpirationMs();
    }
}
