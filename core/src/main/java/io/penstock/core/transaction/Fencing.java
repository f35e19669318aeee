package io.penstock.core.transaction;

/** Aborts a transaction under way so that its producer is fenced. Stateless. */
final class Fencing {
    private Fencing() {}

    /**
     * The transaction must be under way. In which version it ends depends on the cluster, since no client asked for it.
     *
     * @param answer what to do when the abort is written
     */
    static TransactionDecision of(TransactionState state, Circumstances circumstances, Runnable answer) {
        if (!circumstances.endsInVersion2()) {
            return new TransactionDecision.Written(state.toFenced(circumstances.nowMs()), answer);
        }
        if (state.isExhausted() && !circumstances.hasFreshProducerId()) {
            return new TransactionDecision.NeedsProducerId();
        }
        long nextId = state.isExhausted() ? circumstances.freshProducerId() : TransactionState.NO_ID;
        return new TransactionDecision.Written(state.toPreparedAndBumped(false, nextId, circumstances.nowMs()), answer);
    }
}
