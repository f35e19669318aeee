package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.partition.TransactionGate;
import io.penstock.core.transaction.TransactionCommand;
import io.penstock.core.transaction.TransactionCommands;
import io.penstock.core.transaction.TransactionState;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks this broker's transaction coordinators for partitions, and says what they answer with the codes that producers are given. Safe
 * from any thread.
 */
final class CoordinatorGate implements TransactionGate {
    /** The transaction before is complete within milliseconds as a rule. */
    private static final long PATIENCE_MS = 100;

    private final TransactionFleet fleet;
    private final CoordinatorTopic transactions;

    CoordinatorGate(TransactionFleet fleet, Supplier<MetadataImage> metadata) {
        this.fleet = fleet;
        this.transactions = new CoordinatorTopic(metadata, Topic.TRANSACTION_STATE_TOPIC_NAME);
    }

    @Override
    public void admit(
            TransactionClaim claim,
            long producerId,
            short producerEpoch,
            String topicName,
            PartitionId partition,
            Consumer<Errors> reply) {
        if (claim.transactionalId().isEmpty()) {
            reply.accept(Errors.INVALID_REQUEST);
            return;
        }
        TopicPartition named = new TopicPartition(topicName, partition.index());
        LocalTransactionCoordinator.ask(fleet, transactions, command(claim, producerId, producerEpoch, named, reply));
    }

    private static TransactionCommand command(
            TransactionClaim claim,
            long producerId,
            short producerEpoch,
            TopicPartition partition,
            Consumer<Errors> reply) {
        return claim.joins()
                ? TransactionCommands.addPartitions(
                        claim.transactionalId(),
                        producerId,
                        producerEpoch,
                        Set.of(partition),
                        TransactionState.VERSION_2,
                        PATIENCE_MS,
                        error -> reply.accept(inProduce(error, true)))
                : TransactionCommands.verifyPartitions(
                        claim.transactionalId(),
                        producerId,
                        producerEpoch,
                        Set.of(partition),
                        PATIENCE_MS,
                        errors -> reply.accept(inProduce(errors.getOrDefault(partition, Errors.NONE), false)));
    }

    /**
     * The code that a producer is given. Old ones do not try again after errors that they know only from coordinators, so those become
     * one after which they do; it makes none look for other leaders.
     */
    static Errors inProduce(Errors error, boolean joins) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case CONCURRENT_TRANSACTIONS -> joins ? error : Errors.NOT_ENOUGH_REPLICAS;
            case NETWORK_EXCEPTION, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                Errors.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}
