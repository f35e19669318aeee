package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether partitions are part of the transaction that a producer has under way. Changes nothing.
 *
 * @param patienceMs how long it may wait for the transaction before to be complete
 */
record VerifyPartitions(
        String transactionalId,
        long producerId,
        short producerEpoch,
        Set<TopicPartition> partitions,
        long patienceMs,
        Reply<Map<TopicPartition, Errors>> reply)
        implements TransactionCommand {

    VerifyPartitions {
        partitions = Set.copyOf(partitions);
    }

    @Override
    public void refuse(Errors error) {
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        partitions.forEach(partition -> answers.put(partition, error));
        reply.send(answers);
    }

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        if (state == null || state.producerId() != producerId) {
            return TransactionDecision.answered(() -> refuse(Errors.INVALID_PRODUCER_ID_MAPPING));
        }
        if (state.producerEpoch() != producerEpoch) {
            return TransactionDecision.answered(() -> refuse(Errors.PRODUCER_FENCED));
        }
        if (state.status().isPrepared()) {
            return new TransactionDecision.NeedsCompletion(Errors.CONCURRENT_TRANSACTIONS);
        }
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        partitions.forEach(partition -> answers.put(
                partition, state.partitions().contains(partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE));
        return TransactionDecision.answered(() -> reply.send(answers));
    }
}
