package io.penstock.core.runtime;

import io.penstock.core.partition.TransactionGate;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whom partitions ask about transactions. Safe from any thread.
 *
 * @param isVerified whether a transaction that does not join with its batches must be asked about, now
 *     ({@code transaction.partition.verification.enable}); one that joins always is
 */
public record TransactionAdmissions(TransactionGate gate, BooleanSupplier isVerified) {
    /** Of a broker without a transaction coordinator. */
    public static final TransactionAdmissions NONE = new TransactionAdmissions(
            (claim, producerId, producerEpoch, topicName, partition, reply) ->
                    reply.accept(Errors.COORDINATOR_NOT_AVAILABLE),
            () -> true);
}
