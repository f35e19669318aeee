package io.penstock.net.transactions;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed, from the start, round by round. A transfer of which one half is seen and the other not yet is money on
 * its way: partitions are read one after the other, and each up to its own last stable offset. Runs on one thread.
 */
final class Auditor implements AutoCloseable {
    private final KafkaConsumer<String, String> consumer;
    private final List<TopicPartition> partitions;
    private final Teller.Ledger ledger;
    private final Map<String, Integer> onItsWay = new HashMap<>();
    private final Set<String> complete = new HashSet<>();

    Auditor(TestBroker broker, Teller.Ledger ledger) {
        this.ledger = ledger;
        this.consumer = Clients.consumer(broker, "isolation.level", "read_committed");
        this.partitions = IntStream.range(0, Teller.PARTITIONS)
                .mapToObj(index -> new TopicPartition(Teller.TOPIC, index))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads up to what is stable now. */
    void round() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("the stable ends " + ends + " are not reached");
            }
            consumer.poll(Duration.ofMillis(50)).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<String, String> record) {
        String transfer = record.key();
        int amount = Integer.parseInt(record.value());
        if (ledger.aborted.contains(transfer)) {
            ledger.flaws.add("an aborted transfer was seen: " + transfer);
        }
        if (complete.contains(transfer)) {
            ledger.flaws.add("a third half of " + transfer);
        }
        Integer other = onItsWay.remove(transfer);
        if (other == null) {
            onItsWay.put(transfer, amount);
        } else {
            complete.add(transfer);
            if (other + amount != 0) {
                ledger.flaws.add("money was made or lost by " + transfer);
            }
        }
    }

    /** Money that has left one account and not reached another. */
    int onItsWay() {
        return onItsWay.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Transfers of which both halves were seen. */
    Set<String> complete() {
        return Set.copyOf(complete);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
