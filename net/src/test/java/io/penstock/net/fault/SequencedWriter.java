package io.penstock.net.fault;

import io.penstock.net.history.Sent;
import io.penstock.net.history.Sent.Outcome;
import io.penstock.net.history.Value;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes numbered values to every partition of a topic, as fast or as slow as told, and notes what became of each. */
final class SequencedWriter implements AutoCloseable {
    private final int id;
    private final String topic;
    private final int partitions;
    private final long pauseNs;
    private final String padding;
    private final KafkaProducer<String, String> producer;
    private final ConcurrentLinkedQueue<Sent> history = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Value> attempted = new ConcurrentLinkedQueue<>();
    private final AtomicLong acked = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    /** How a writer asks for its acknowledgements. */
    enum Style {
        /** The Java client's default: idempotent, acks=all, retries for ever. */
        IDEMPOTENT,
        /** acks=1 and never a retry, so no duplicate can come from the client. */
        LEADER_ACK;

        Map<String, String> config() {
            return switch (this) {
                case IDEMPOTENT ->
                    Map.of(
                            ProducerConfig.ACKS_CONFIG, "all",
                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "600000",
                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
                case LEADER_ACK ->
                    Map.of(
                            ProducerConfig.ACKS_CONFIG, "1",
                            ProducerConfig.RETRIES_CONFIG, "0",
                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
            };
        }
    }

    SequencedWriter(
            int id, Style style, String bootstrap, String topic, int partitions, int recordsPerSecond, int valueBytes) {
        this.id = id;
        this.topic = topic;
        this.partitions = partitions;
        this.pauseNs = 1_000_000_000L / recordsPerSecond;
        this.padding = " " + "x".repeat(valueBytes);
        Properties properties = new Properties();
        properties.putAll(style.config());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "60000");
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "100");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        this.thread = new Thread(this::run, "writer-" + id);
        thread.start();
    }

    /** Everything sent and settled so far. */
    Collection<Sent> history() {
        return history;
    }

    /** Every value given to the client so far, settled or not. */
    Collection<Value> attempted() {
        return attempted;
    }

    long ackedCount() {
        return acked.get();
    }

    /** Stops sending and waits until every send is settled. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
        producer.close(Duration.ofSeconds(60));
    }

    /** Stops at once and settles nothing more; for when the broker is gone for good. */
    void abandon() throws InterruptedException {
        stopping = true;
        producer.close(Duration.ZERO);
        thread.join();
    }

    private void run() {
        long[] sequence = new long[partitions];
        long next = System.nanoTime();
        for (int turn = 0; !stopping; turn++) {
            int partition = turn % partitions;
            send(new Value(id, partition, sequence[partition]++));
            next += pauseNs;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void send(Value value) {
        String text = value.encode() + padding;
        attempted.add(value);
        try {
            var settledByCallback =
                    producer.send(new ProducerRecord<>(topic, value.partition(), null, text), (metadata, failure) -> {
                        settle(value, failure, failure == null ? metadata.offset() : -1);
                    });
            Objects.requireNonNull(settledByCallback);
        } catch (RuntimeException failure) {
            settle(value, failure, -1);
        }
    }

    private void settle(Value value, @Nullable Exception failure, long offset) {
        Outcome outcome = failure == null
                ? Outcome.ACKED
                : failure instanceof InvalidRecordException || failure instanceof RecordTooLargeException
                        ? Outcome.REFUSED
                        : Outcome.UNKNOWN;
        if (outcome == Outcome.ACKED) {
            acked.incrementAndGet();
        }
        history.add(new Sent(value.producer(), value.partition(), value.sequence(), outcome, offset));
    }
}
