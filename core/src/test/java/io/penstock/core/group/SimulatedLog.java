package io.penstock.core.group;

import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A log in memory that judges producers and markers as a partition does. */
final class SimulatedLog {
    final List<GroupLogEntry> entries = new ArrayList<>();
    private final Map<Long, Producer> producers = new HashMap<>();
    private final Consumer<GroupLogEntry> onEntry;

    private static final class Producer {
        short epoch = -1;
        boolean isOpen;
    }

    /** @param onEntry hears what is in the log from now on */
    SimulatedLog(Consumer<GroupLogEntry> onEntry) {
        this.onEntry = onEntry;
    }

    /** Appends a batch, or tells why not. */
    Errors append(LogWrite write) {
        Errors error = write instanceof LogWrite.End end ? judge(end.marker()) : judge((LogWrite.Records) write);
        if (error == Errors.NONE) {
            List<GroupLogEntry> batch = ShardFixture.entries(write);
            entries.addAll(batch);
            batch.forEach(onEntry);
        }
        return error;
    }

    private Errors judge(TransactionMarker marker) {
        Producer producer = producers.computeIfAbsent(marker.producerId(), id -> new Producer());
        boolean wouldEndTheNext =
                marker.transactionVersion() == 2 && marker.producerEpoch() == producer.epoch && producer.isOpen;
        if (marker.producerEpoch() < producer.epoch || wouldEndTheNext) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        producer.epoch = marker.producerEpoch();
        producer.isOpen = false;
        return Errors.NONE;
    }

    private Errors judge(LogWrite.Records records) {
        TransactionProducer transaction = records.transaction();
        if (transaction == null) {
            return Errors.NONE;
        }
        Producer producer = producers.computeIfAbsent(transaction.id(), id -> new Producer());
        if (transaction.epoch() < producer.epoch) {
            return Errors.INVALID_PRODUCER_EPOCH;
        }
        producer.epoch = transaction.epoch();
        producer.isOpen = true;
        return Errors.NONE;
    }

    /** Producers whose transactions have begun and not ended. */
    List<Long> open() {
        return producers.entrySet().stream()
                .filter(producer -> producer.getValue().isOpen)
                .map(Map.Entry::getKey)
                .toList();
    }
}
