package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A producer begins, or begins again, under a transactional id: whoever had it before is fenced.
 *
 * <p>A producer that recovers from an error names what it has (KIP-360); it is refused if somebody else has taken over since, and may
 * ask twice. A transaction under way is aborted first: the answer is {@code CONCURRENT_TRANSACTIONS} until that is complete.
 *
 * @param timeoutMs how long its transactions may take; must be allowed
 * @param expectedId what the producer has, {@link TransactionState#NO_ID} if it begins
 * @param expectedEpoch -1 if it begins
 */
record InitProducerId(
        String transactionalId, int timeoutMs, long expectedId, short expectedEpoch, Reply<ProducerGrant> reply)
        implements TransactionCommand {

    @Override
    public void refuse(Errors error) {
        reply.send(ProducerGrant.refused(error));
    }

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        if (state == null) {
            return decideFirst(circumstances);
        }
        if (isRecovery() && !hadTheId(state)) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state.status()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> refused(Errors.CONCURRENT_TRANSACTIONS);
            case ONGOING -> decideOngoing(state, circumstances);
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> decideIdle(state, circumstances);
            case DEAD, PREPARE_EPOCH_FENCE ->
                throw new IllegalStateException("a transactional id is never stored as " + state.status());
        };
    }

    private boolean isRecovery() {
        return expectedId != TransactionState.NO_ID;
    }

    private boolean hadTheId(TransactionState state) {
        return expectedId == state.producerId()
                || state.isNext(expectedId, expectedEpoch)
                || (expectedId == state.previousProducerId() && TransactionState.isExhausted(expectedEpoch));
    }

    private TransactionDecision decideFirst(Circumstances circumstances) {
        if (!circumstances.hasRoom()) {
            return refused(Errors.COORDINATOR_NOT_AVAILABLE);
        }
        if (!circumstances.hasFreshProducerId()) {
            return new TransactionDecision.NeedsProducerId();
        }
        return granted(TransactionState.first(circumstances.freshProducerId(), timeoutMs, circumstances.nowMs()));
    }

    /**
     * The epoch that this moves on to is nobody's: the producer's is the one after it. Who recovers with another epoch than the one of
     * the transaction is a zombie, and must not end what its successor does; Kafka lets it.
     */
    private TransactionDecision decideOngoing(TransactionState state, Circumstances circumstances) {
        if (isRecovery() && expectedEpoch != state.producerEpoch()) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return Fencing.of(state, circumstances, () -> refuse(Errors.CONCURRENT_TRANSACTIONS));
    }

    private TransactionDecision decideIdle(TransactionState state, Circumstances circumstances) {
        boolean isCurrent = !isRecovery() || expectedEpoch == state.producerEpoch();
        if (state.isExhausted() && isCurrent) {
            if (!circumstances.hasFreshProducerId()) {
                return new TransactionDecision.NeedsProducerId();
            }
            short lastEpoch = isRecovery() ? state.producerEpoch() : TransactionState.NO_EPOCH;
            return granted(state.toNewProducerId(
                    circumstances.freshProducerId(), lastEpoch, timeoutMs, circumstances.nowMs()));
        }
        if (isCurrent) {
            short lastEpoch = isRecovery() ? state.producerEpoch() : TransactionState.NO_EPOCH;
            return granted(
                    state.toEmpty((short) (state.producerEpoch() + 1), lastEpoch, timeoutMs, circumstances.nowMs()));
        }
        if (expectedEpoch == state.lastProducerEpoch()) {
            // asked before, and the answer got lost: nobody else can have taken over, or there would be no last epoch
            return granted(
                    state.toEmpty(state.producerEpoch(), state.lastProducerEpoch(), timeoutMs, circumstances.nowMs()));
        }
        return refused(Errors.PRODUCER_FENCED);
    }

    private TransactionDecision granted(TransactionState next) {
        return new TransactionDecision.Written(next, () -> reply.send(ProducerGrant.of(next)));
    }

    private TransactionDecision refused(Errors error) {
        return TransactionDecision.answered(() -> refuse(error));
    }
}
