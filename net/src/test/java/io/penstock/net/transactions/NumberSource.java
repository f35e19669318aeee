package io.penstock.net.transactions;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes 0, 1, 2 … to each partition of a topic, each once, whatever happens to the broker. Runs a thread. */
final class NumberSource implements AutoCloseable {
    private static final int PER_SECOND = 400;
    private static final int MAX_OUTSTANDING = 1_000;

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final int partitions;
    private final Thread thread;
    private final ArrayDeque<Future<RecordMetadata>> outstanding = new ArrayDeque<>();
    private volatile boolean isOver;
    private long count;

    NumberSource(String bootstrap, String topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", 200),
                new StringSerializer(),
                new StringSerializer());
        this.thread = new Thread(this::run, "number-source");
        thread.start();
    }

    private void run() {
        long beganNs = System.nanoTime();
        while (!isOver) {
            long due = (System.nanoTime() - beganNs) * PER_SECOND / TimeUnit.SECONDS.toNanos(1);
            if (count < due && outstanding.size() < MAX_OUTSTANDING) {
                int partition = (int) (count % partitions);
                outstanding.add(
                        producer.send(new ProducerRecord<>(topic, partition, "k", Long.toString(count / partitions))));
                count++;
            } else {
                pause();
            }
            while (!outstanding.isEmpty() && outstanding.peek().isDone()) {
                outstanding.remove();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends, and says how many records there are, each of them acknowledged. */
    long finish() throws InterruptedException, ExecutionException, TimeoutException {
        isOver = true;
        thread.join();
        producer.flush();
        for (Future<RecordMetadata> sent : outstanding) {
            sent.get(30, TimeUnit.SECONDS);
        }
        return count;
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        thread.join();
        producer.close();
    }
}
