package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;

/**
 * Under which id and epoch a producer goes on. Immutable.
 *
 * @param error why it does not go on; then there is neither
 */
public record ProducerGrant(Errors error, long producerId, short producerEpoch) {
    /** Nothing is granted. */
    public static ProducerGrant refused(Errors error) {
        return new ProducerGrant(error, TransactionState.NO_ID, TransactionState.NO_EPOCH);
    }

    static ProducerGrant of(TransactionState state) {
        return new ProducerGrant(Errors.NONE, state.producerId(), state.producerEpoch());
    }
}
