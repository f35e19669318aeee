package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Everything that may be asked of one transactional id, which must not be empty. Stateless. */
public final class TransactionCommands {
    private TransactionCommands() {}

    /**
     * A producer begins, or goes on after an error.
     *
     * @param timeoutMs must be allowed
     * @param expectedId what the producer has, -1 if it begins
     * @param expectedEpoch -1 if it begins
     */
    public static TransactionCommand initProducerId(
            String transactionalId, int timeoutMs, long expectedId, short expectedEpoch, Reply<ProducerGrant> reply) {
        return new InitProducerId(transactionalId, timeoutMs, expectedId, expectedEpoch, reply);
    }

    /**
     * Partitions join the producer's transaction, all or none.
     *
     * @param version {@link TransactionState#VERSION_1} or {@link TransactionState#VERSION_2}
     * @param patienceMs how long to wait for the transaction before to be complete
     */
    public static TransactionCommand addPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            short version,
            long patienceMs,
            Reply<Errors> reply) {
        return new AddPartitions(
                transactionalId, producerId, producerEpoch, partitions, version, patienceMs, List.of(reply));
    }

    /**
     * Tells of each partition whether it is part of the producer's transaction.
     *
     * @param patienceMs how long to wait for the transaction before to be complete
     */
    public static TransactionCommand verifyPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            long patienceMs,
            Reply<Map<TopicPartition, Errors>> reply) {
        return new VerifyPartitions(transactionalId, producerId, producerEpoch, partitions, patienceMs, reply);
    }

    /** The producer ends its transaction. */
    public static TransactionCommand endTransaction(
            String transactionalId,
            long producerId,
            short producerEpoch,
            boolean commit,
            short version,
            Reply<ProducerGrant> reply) {
        return version >= TransactionState.VERSION_2
                ? new EndTransactionV2(transactionalId, producerId, producerEpoch, commit, reply)
                : new EndTransaction(transactionalId, producerId, producerEpoch, commit, reply);
    }

    /** Forgets the id if it has not been used for long. */
    public static TransactionCommand expire(String transactionalId) {
        return new ExpireTransactionalId(transactionalId);
    }
}
