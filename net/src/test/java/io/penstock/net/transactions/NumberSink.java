package io.penstock.net.transactions;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads committed records and holds each partition to 0, 1, 2 …: nothing missing, nothing twice, nothing out of order. Runs a thread. */
final class NumberSink implements AutoCloseable {
    private static final int MAX_FLAWS = 20;

    private final KafkaConsumer<String, String> consumer;
    private final long[] expected;
    private final List<String> flaws = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final AtomicLong count = new AtomicLong();
    private volatile boolean isOver;

    NumberSink(String bootstrap, String topic, int partitions) {
        this.expected = new long[partitions];
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "none",
                        "reconnect.backoff.max.ms",
                        200),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        this.thread = new Thread(this::run, "number-sink");
        thread.start();
    }

    private void run() {
        while (!isOver) {
            consumer.poll(Duration.ofMillis(100)).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<String, String> record) {
        long number = Long.parseLong(record.value());
        if (number != expected[record.partition()] && flaws.size() < MAX_FLAWS) {
            flaws.add("partition " + record.partition() + " offset " + record.offset() + ": expected "
                    + expected[record.partition()] + ", found " + number);
        }
        expected[record.partition()] = number + 1;
        count.incrementAndGet();
    }

    /** Records so far. Safe from any thread. */
    long count() {
        return count.get();
    }

    /** The first records that were not the ones expected. Safe from any thread. */
    List<String> flaws() {
        return List.copyOf(flaws);
    }

    /** Waits until there is anything. */
    void awaitAny(Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (count.get() == 0) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("no committed record within " + limit);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        thread.join();
        consumer.close();
    }

    @Override
    public String toString() {
        return "next numbers " + Arrays.toString(expected) + ", flaws " + flaws;
    }
}
