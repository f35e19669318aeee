package io.penstock.net.fault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Overwrites and deletes the keys of one partition all the time, through kills of the broker, and notes at which offset each record was
 * acknowledged. A retry never loses a record nor writes it twice, so everything sent has one offset in the end.
 */
final class KeyedWriter implements AutoCloseable {
    private static final int IN_FLIGHT = 200;
    /** Fewer than the broker takes, so that compaction keeps pace and readers come to an end. */
    private static final int RECORDS_A_TURN = 20;

    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int ONE_IN_SO_MANY_DELETES = 8;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private final String topic;
    private final int keys;
    private final Random random;
    private final KafkaProducer<String, String> producer;
    private final NavigableMap<Long, Entry> acked = new ConcurrentSkipListMap<>();
    private final Map<String, Long> newestOffsets = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    /** A record: without value it deletes its key. */
    record Entry(String key, @Nullable String value) {}

    KeyedWriter(String bootstrap, String topic, int keys, long seed) {
        this.topic = topic;
        this.keys = keys;
        this.random = new Random(seed);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "delivery.timeout.ms", 600_000,
                        "request.timeout.ms", 10_000,
                        "max.block.ms", 60_000,
                        "reconnect.backoff.max.ms", 100,
                        "batch.size", 4_000),
                new StringSerializer(),
                new StringSerializer());
        this.thread = new Thread(this::run, "keyed-writer");
        thread.start();
    }

    /** What was acknowledged so far, by offset. */
    NavigableMap<Long, Entry> acked() {
        return acked;
    }

    /** The offset of the newest acknowledged record of each key. Safe from any thread. */
    Map<String, Long> newestOffsets() {
        return newestOffsets;
    }

    private void run() {
        ArrayDeque<Future<RecordMetadata>> inFlight = new ArrayDeque<>();
        ArrayDeque<Entry> entries = new ArrayDeque<>();
        try {
            for (long number = 0; !stopping || !inFlight.isEmpty(); number++) {
                if (!stopping) {
                    Entry entry = next(number);
                    inFlight.add(producer.send(new ProducerRecord<>(topic, 0, entry.key(), entry.value())));
                    entries.add(entry);
                }
                if (number % RECORDS_A_TURN == 0) {
                    LockSupport.parkNanos(TURN_NS);
                }
                while (inFlight.size() > (stopping ? 0 : IN_FLIGHT)) {
                    onAcked(inFlight.remove().get().offset(), entries.remove());
                }
            }
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private Entry next(long number) {
        boolean deletes = random.nextInt(ONE_IN_SO_MANY_DELETES) == 0;
        return new Entry("key-" + random.nextInt(keys), deletes ? null : number + " " + "x".repeat(100));
    }

    private void onAcked(long offset, Entry entry) {
        acked.put(offset, entry);
        newestOffsets.merge(entry.key(), offset, Math::max);
    }

    /** Stops sending and waits until everything is acknowledged. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
        producer.close(CLOSE_LIMIT);
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError("a send failed for good", thrown);
        }
    }
}
