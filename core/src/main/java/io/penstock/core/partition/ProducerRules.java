package io.penstock.core.partition;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import io.penstock.storage.producer.ProducerStates.Verdict;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a batch may follow what its producer has written, by Kafka's rules and in Kafka's order of checks (KIP-98, KIP-360,
 * KIP-890). Pure.
 */
final class ProducerRules {
    private static final int FIRST_WITH_BUMPED_EPOCH = 2;

    private ProducerRules() {}

    /**
     * Judges a batch of records that is no duplicate.
     *
     * @param state what the log knows of the producer; null if nothing
     * @param admission what the coordinator has said; null if it was not asked
     * @param isTrusted whether transactions need no admission here
     */
    static @Nullable AppendResult refuseRecords(
            ByteBuffer batch,
            Origin origin,
            Verdict verdict,
            @Nullable ProducerState state,
            @Nullable TransactionAdmission admission,
            boolean isTrusted) {
        int at = batch.position();
        if (verdict == Verdict.OLDER_DUPLICATE) {
            return AppendResult.refused(Errors.DUPLICATE_SEQUENCE_NUMBER, null);
        }
        boolean isTransactional = BatchHeader.isTransactional(batch, at);
        short epoch = BatchHeader.producerEpoch(batch, at);
        if (isTransactional
                && origin == Origin.CLIENT
                && !isTrusted
                && !isInTransaction(state, epoch)
                && (admission == null || !admission.admits(epoch))) {
            return notInTransaction();
        }
        if (verdict == Verdict.STALE_EPOCH) {
            return AppendResult.refused(Errors.INVALID_PRODUCER_EPOCH, null);
        }
        boolean isOutOfOrder = verdict == Verdict.OUT_OF_ORDER
                || (origin == Origin.CLIENT
                        && admission != null
                        && admission.producerEpoch() == epoch
                        && isOutOfOrder(BatchHeader.baseSequence(batch, at), state, admission));
        if (isOutOfOrder) {
            return AppendResult.refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, null);
        }
        return !isTransactional && isOpen(state)
                ? AppendResult.refused(
                        Errors.INVALID_TXN_STATE,
                        "Expected transactional write from a producer with an open transaction")
                : null;
    }

    /** In transactions of version 1 a producer that the log does not know may begin with any sequence. */
    private static boolean isOutOfOrder(
            int baseSequence, @Nullable ProducerState state, TransactionAdmission admission) {
        boolean hasWritten = state != null && state.lastSequence() != BatchHeader.NO_SEQUENCE;
        return (admission.joins() && baseSequence != 0 && !hasWritten) || admission.isBehind(baseSequence);
    }

    private static boolean isOpen(@Nullable ProducerState state) {
        return state != null && state.openTransactionFirstOffset() >= 0;
    }

    /** Whether the log has an open transaction of that very epoch. */
    static boolean isInTransaction(@Nullable ProducerState state, short epoch) {
        return state != null && state.openTransactionFirstOffset() >= 0 && state.producerEpoch() == epoch;
    }

    static AppendResult notInTransaction() {
        return AppendResult.refused(Errors.INVALID_TXN_STATE, "Record was not part of an ongoing transaction");
    }

    /** Judges a control batch of a coordinator. One for a producer that has written nothing here is taken, as in Kafka. */
    static @Nullable AppendResult refuseMarker(ByteBuffer batch, int markerVersion, @Nullable ProducerState state) {
        ControlMarker marker = ControlMarker.read(batch);
        if (marker == null || state == null) {
            return null;
        }
        short epoch = BatchHeader.producerEpoch(batch, batch.position());
        if (isStale(epoch, markerVersion, state)) {
            return AppendResult.refused(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "Epoch " + epoch + " of the marker for producer " + state.producerId()
                            + " is too low: the last one is " + state.producerEpoch());
        }
        return marker.coordinatorEpoch() < state.coordinatorEpoch()
                ? AppendResult.refused(
                        Errors.TRANSACTION_COORDINATOR_FENCED,
                        "Coordinator epoch " + marker.coordinatorEpoch() + " of the marker for producer "
                                + state.producerId() + " is too low: the last one is " + state.coordinatorEpoch())
                : null;
    }

    /**
     * A marker of version 2 has a higher epoch than its transaction, so one with the same epoch would end the next transaction. It
     * is but a retry if nothing is open; and no higher epoch exists above the last one.
     */
    private static boolean isStale(short epoch, int markerVersion, ProducerState state) {
        if (markerVersion < FIRST_WITH_BUMPED_EPOCH || epoch != state.producerEpoch()) {
            return epoch < state.producerEpoch();
        }
        return isOpen(state) && epoch != Short.MAX_VALUE;
    }
}
