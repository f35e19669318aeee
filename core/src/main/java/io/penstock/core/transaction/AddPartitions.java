package io.penstock.core.transaction;

import io.penstock.core.group.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Partitions join a transaction, which begins if there is none.
 *
 * @param version of transactions that the producer speaks
 * @param patienceMs how long it may wait for the transaction before to be complete
 * @param replies who asked: all get the same answer
 */
record AddPartitions(
        String transactionalId,
        long producerId,
        short producerEpoch,
        Set<TopicPartition> partitions,
        short version,
        long patienceMs,
        List<Reply<Errors>> replies)
        implements TransactionCommand {

    AddPartitions {
        partitions = Set.copyOf(partitions);
        replies = List.copyOf(replies);
    }

    @Override
    public void refuse(Errors error) {
        replies.forEach(reply -> reply.send(error));
    }

    @Override
    public @Nullable TransactionCommand with(TransactionCommand next) {
        if (!(next instanceof AddPartitions other) || !isOfSameTransaction(other)) {
            return null;
        }
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.addAll(other.partitions);
        List<Reply<Errors>> everybody = new ArrayList<>(replies);
        everybody.addAll(other.replies);
        return new AddPartitions(
                transactionalId,
                producerId,
                producerEpoch,
                all,
                version,
                Math.min(patienceMs, other.patienceMs),
                everybody);
    }

    private boolean isOfSameTransaction(AddPartitions other) {
        return other.producerId == producerId && other.producerEpoch == producerEpoch && other.version == version;
    }

    @Override
    public TransactionDecision decide(@Nullable TransactionState state, Circumstances circumstances) {
        if (state != null && state.isNext(producerId, producerEpoch)) {
            return new TransactionDecision.NeedsCompletion(Errors.CONCURRENT_TRANSACTIONS);
        }
        if (state == null || state.producerId() != producerId) {
            return answered(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        if (state.producerEpoch() != producerEpoch) {
            return answered(Errors.PRODUCER_FENCED);
        }
        if (state.status().isPrepared()) {
            return new TransactionDecision.NeedsCompletion(Errors.CONCURRENT_TRANSACTIONS);
        }
        boolean isUnderWay = state.status() == TransactionStatus.ONGOING;
        if (isUnderWay && state.partitions().containsAll(partitions)) {
            return answered(Errors.NONE);
        }
        if (!circumstances.hasRoom()) {
            return answered(Errors.COORDINATOR_NOT_AVAILABLE);
        }
        return new TransactionDecision.Written(
                state.toOngoing(partitions, version, circumstances.nowMs()), () -> refuse(Errors.NONE));
    }

    private TransactionDecision answered(Errors error) {
        return TransactionDecision.answered(() -> refuse(error));
    }
}
