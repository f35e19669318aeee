package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A producer ends its transaction as it has done since KIP-98: the epoch stays, so a request that is late can end the next one.
 *
 * <pre>
 * status             commit                    abort
 * ONGOING            prepared                  prepared
 * PREPARE_COMMIT     CONCURRENT_TRANSACTIONS   INVALID_TXN_STATE
 * PREPARE_ABORT      INVALID_TXN_STATE         CONCURRENT_TRANSACTIONS
 * COMPLETE_COMMIT    NONE                      INVALID_TXN_STATE
 * COMPLETE_ABORT     INVALID_TXN_STATE         NONE
 * EMPTY              INVALID_TXN_STATE         INVALID_TXN_STATE
 * </pre>
 */
record EndTransaction(
        String transactionalId, long producerId, short producerEpoch, boolean commit, Reply<ProducerGrant> reply)
        implements TransactionCommand {

    @Override
    public void refuse(Errors error) {
        reply.send(ProducerGrant.refused(error));
    }

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        if (state == null || state.producerId() != producerId) {
            return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (state.producerEpoch() != producerEpoch) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state.status()) {
            case ONGOING -> prepared(state.toPrepared(commit, circumstances.nowMs()));
            case PREPARE_COMMIT, PREPARE_ABORT ->
                refused(state.isCommit() == commit ? Errors.CONCURRENT_TRANSACTIONS : Errors.INVALID_TXN_STATE);
            case COMPLETE_COMMIT, COMPLETE_ABORT ->
                state.isCommit() == commit ? granted(state) : refused(Errors.INVALID_TXN_STATE);
            case EMPTY -> refused(Errors.INVALID_TXN_STATE);
            case DEAD, PREPARE_EPOCH_FENCE ->
                throw new IllegalStateException("a transactional id is never stored as " + state.status());
        };
    }

    private TransactionDecision prepared(TransactionState next) {
        return new TransactionDecision.Written(next, () -> reply.send(ProducerGrant.of(next)));
    }

    private TransactionDecision granted(TransactionState state) {
        return TransactionDecision.answered(() -> reply.send(ProducerGrant.of(state)));
    }

    private TransactionDecision refused(Errors error) {
        return TransactionDecision.answered(() -> refuse(error));
    }
}
