package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A producer ends its transaction in version 2 (KIP-890): the epoch moves on, and the answer tells the new one. So the epoch of a
 * request tells a late one, which is of the epoch before, from one that ends the next transaction.
 *
 * <pre>
 * status             request's epoch     commit                    abort
 * ONGOING            current             prepared                  prepared
 * EMPTY              current             INVALID_TXN_STATE         prepared, of nothing
 * PREPARE_COMMIT     any                 CONCURRENT_TRANSACTIONS   CONCURRENT_TRANSACTIONS
 * PREPARE_ABORT      any                 CONCURRENT_TRANSACTIONS   CONCURRENT_TRANSACTIONS
 * COMPLETE_COMMIT    the one before      NONE                      INVALID_TXN_STATE
 *                    current             INVALID_TXN_STATE         prepared, of nothing
 * COMPLETE_ABORT     the one before      INVALID_TXN_STATE         NONE
 *                    current             INVALID_TXN_STATE         prepared, of nothing
 * any other epoch                        PRODUCER_FENCED           PRODUCER_FENCED
 * </pre>
 *
 * <p>While markers are being written the request may be one that comes twice, or a quick end of the next transaction: it is to be
 * asked again when that is over.
 *
 * <p>A producer that does not know how its last requests ended aborts, though there may be nothing to abort: that fences whatever of
 * its own is still on the way.
 */
record EndTransactionV2(
        String transactionalId, long producerId, short producerEpoch, boolean commit, Reply<ProducerGrant> reply)
        implements TransactionCommand {

    @Override
    public void refuse(Errors error) {
        reply.send(ProducerGrant.refused(error));
    }

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        if (state != null && state.status().isPrepared()) {
            return refused(Errors.CONCURRENT_TRANSACTIONS);
        }
        if (state == null || (state.producerId() != producerId && !isBeforeNewId(state))) {
            return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (!isExpected(state)) {
            return refused(Errors.PRODUCER_FENCED);
        }
        return switch (state.status()) {
            case ONGOING -> prepared(state, circumstances);
            case EMPTY -> commit ? refused(Errors.INVALID_TXN_STATE) : prepared(state, circumstances);
            case COMPLETE_COMMIT, COMPLETE_ABORT -> decideComplete(state, circumstances);
            case PREPARE_COMMIT, PREPARE_ABORT, DEAD, PREPARE_EPOCH_FENCE ->
                throw new IllegalStateException("not decided here: " + state.status());
        };
    }

    /** Whether the request is one that an end at the last epoch of the id before has answered. */
    private boolean isBeforeNewId(TransactionState state) {
        return state.previousProducerId() == producerId
                && producerEpoch == Short.MAX_VALUE - 1
                && state.producerEpoch() == 0;
    }

    private boolean isRetry(TransactionState state) {
        return state.producerEpoch() == producerEpoch + 1 || isBeforeNewId(state);
    }

    private boolean isExpected(TransactionState state) {
        return switch (state.status()) {
            case COMPLETE_COMMIT, COMPLETE_ABORT -> isRetry(state) || state.producerEpoch() == producerEpoch;
            case ONGOING, EMPTY, PREPARE_COMMIT, PREPARE_ABORT, DEAD, PREPARE_EPOCH_FENCE ->
                state.producerEpoch() == producerEpoch;
        };
    }

    private TransactionDecision decideComplete(TransactionState state, Circumstances circumstances) {
        if (isRetry(state)) {
            return state.isCommit() == commit
                    ? TransactionDecision.answered(() -> reply.send(ProducerGrant.of(state)))
                    : refused(Errors.INVALID_TXN_STATE);
        }
        return commit ? refused(Errors.INVALID_TXN_STATE) : prepared(state, circumstances);
    }

    private TransactionDecision prepared(TransactionState state, Circumstances circumstances) {
        if (state.isExhausted() && !circumstances.hasFreshProducerId()) {
            return new TransactionDecision.NeedsProducerId();
        }
        long nextId = state.isExhausted() ? circumstances.freshProducerId() : TransactionState.NO_ID;
        TransactionState next = state.toPreparedAndBumped(commit, nextId, circumstances.nowMs());
        // the producer goes on with what it has once all is complete
        ProducerGrant grant = ProducerGrant.of(next.toComplete(circumstances.nowMs()));
        return new TransactionDecision.Written(next, () -> reply.send(grant));
    }

    private TransactionDecision refused(Errors error) {
        return TransactionDecision.answered(() -> refuse(error));
    }
}
