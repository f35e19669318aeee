package io.penstock.core.partition;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Tells a partition whether a transaction may write to it: asked once for each transaction, before its first batch (KIP-890). Safe
 * from any thread.
 */
@FunctionalInterface
public interface TransactionGate {

    /**
     * Asks the transaction coordinator.
     *
     * @param topicName the partition's topic
     * @param reply called once, on any thread, with {@link Errors#NONE} if the transaction is under way and the partition is part of it
     */
    void admit(
            TransactionClaim claim,
            long producerId,
            short producerEpoch,
            String topicName,
            PartitionId partition,
            Consumer<Errors> reply);
}
