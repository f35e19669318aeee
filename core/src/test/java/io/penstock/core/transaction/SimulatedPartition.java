package io.penstock.core.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** A partition that keeps Kafka's rules for transactional batches and markers, and asks the coordinator before a transaction's first. */
final class SimulatedPartition {
    final TopicPartition name;
    private final SimulatedTransactions coordinator;
    private final TransactionHistory history;
    private final Map<Long, Producer> producers = new HashMap<>();
    private final Set<Batch> seen = new HashSet<>();

    /** A batch of one producer. */
    record Batch(String transactionalId, long producerId, short epoch, int sequence, short version, int tag) {}

    private static final class Producer {
        short epoch;
        int markers;
        final List<Integer> open = new ArrayList<>();
    }

    SimulatedPartition(int index, SimulatedTransactions coordinator, TransactionHistory history) {
        this.name = new TopicPartition("t", index);
        this.coordinator = coordinator;
        this.history = history;
    }

    void produce(Batch batch, Consumer<Errors> reply) {
        Producer producer = producers.computeIfAbsent(batch.producerId(), id -> new Producer());
        if (seen.contains(batch)) {
            reply.accept(Errors.NONE);
        } else if (batch.epoch() < producer.epoch) {
            reply.accept(Errors.INVALID_PRODUCER_EPOCH);
        } else if (!producer.open.isEmpty() && producer.epoch == batch.epoch()) {
            append(batch, producer, reply);
        } else {
            int markers = producer.markers;
            coordinator.admit(batch, name, error -> onAdmission(batch, producer, markers, error, reply));
        }
    }

    private void onAdmission(Batch batch, Producer producer, int markers, Errors error, Consumer<Errors> reply) {
        if (error != Errors.NONE) {
            reply.accept(error);
        } else if (producer.markers != markers) {
            reply.accept(Errors.NOT_ENOUGH_REPLICAS); // the answer is void: ask again
        } else if (batch.epoch() < producer.epoch) {
            reply.accept(Errors.INVALID_PRODUCER_EPOCH);
        } else {
            append(batch, producer, reply);
        }
    }

    private void append(Batch batch, Producer producer, Consumer<Errors> reply) {
        if (seen.add(batch)) {
            producer.epoch = batch.epoch();
            producer.open.add(batch.tag());
            history.onBatch(batch.tag());
        }
        reply.accept(Errors.NONE);
    }

    Errors mark(TransactionMarker marker) {
        Producer producer = producers.computeIfAbsent(marker.producerId(), id -> new Producer());
        boolean isStale = marker.producerEpoch() < producer.epoch
                || (marker.transactionVersion() == 2
                        && marker.producerEpoch() == producer.epoch
                        && marker.producerEpoch() != Short.MAX_VALUE
                        && !producer.open.isEmpty());
        if (isStale) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        producer.epoch = marker.producerEpoch();
        producer.markers++;
        producer.open.forEach(tag -> history.onOutcome(tag, marker.isCommit()));
        producer.open.clear();
        return Errors.NONE;
    }

    boolean isSettled() {
        return producers.values().stream().allMatch(producer -> producer.open.isEmpty());
    }
}
