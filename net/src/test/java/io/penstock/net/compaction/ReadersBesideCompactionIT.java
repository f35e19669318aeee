package io.penstock.net.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumers that read while segments are swapped under them get no error, and the newest value of every key. */
@ExtendWith(AlarmExtension.class)
class ReadersBesideCompactionIT {
    private static final int KEYS = 200;
    private static final int RECORDS_A_TURN = 100;
    /** So that a reader comes to an end on a slow machine, too. */
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Test
    void shouldGiveEveryNewestValueToReadersWhileSegmentsAreSwapped() throws Exception {
        readBesideCompaction(Duration.ofSeconds(2));
    }

    @Test
    @Tag("slow")
    void shouldGiveEveryNewestValueToReadersForAMinute() throws Exception {
        readBesideCompaction(Duration.ofMinutes(1));
    }

    private static void readBesideCompaction(Duration dose) throws Exception {
        Map<String, Long> acked = new ConcurrentHashMap<>();
        AtomicBoolean stopping = new AtomicBoolean();
        try (TestBroker broker = CompactedTopic.eagerBroker();
                CompactedTopic topic = new CompactedTopic(broker, "read")) {
            Thread writer = new Thread(() -> write(topic, acked, stopping), "overwriting");
            writer.start();
            try (KafkaConsumer<String, String> consumer = Clients.consumer(
                    broker,
                    "auto.offset.reset",
                    "none",
                    "fetch.max.wait.ms",
                    1,
                    "max.partition.fetch.bytes",
                    8_192,
                    "fetch.max.bytes",
                    8_192)) {
                consumer.assign(List.of(topic.partition()));
                long beganNs = System.nanoTime();
                int passes = 0;
                while (System.nanoTime() - beganNs < dose.toNanos()) {
                    readOnce(consumer, topic.partition(), acked);
                    passes++;
                }
                assertThat(passes).isGreaterThan(1);
            } finally {
                stopping.set(true);
                writer.join();
            }
            assertThat(acked).hasSize(KEYS);
            assertThat(topic.awaitOneOfEachKey())
                    .hasSize(KEYS)
                    .allSatisfy(record -> assertThat(number(record)).isEqualTo(acked.get(record.key())));
            // The writer's every record had an offset of its own, and few of them are left.
            assertThat(topic.endOffset()).isGreaterThan(2 * KEYS);
        }
    }

    private static void write(CompactedTopic topic, Map<String, Long> acked, AtomicBoolean stopping) {
        try (KafkaProducer<String, String> producer = topic.producer("batch.size", 2_000)) {
            for (long number = 0; !stopping.get() || number < KEYS; number += RECORDS_A_TURN) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (long i = number; i < number + RECORDS_A_TURN; i++) {
                    sent.add(producer.send(topic.record(key(i), i + " " + "x".repeat(50))));
                }
                sent.forEach(Clients::await);
                LockSupport.parkNanos(TURN_NS);
                for (long i = number; i < number + RECORDS_A_TURN; i++) {
                    acked.put(key(i), i);
                }
            }
        }
    }

    private static String key(long number) {
        return "key-" + number % KEYS;
    }

    /** From the start to the end: each key comes with what was acknowledged before, or something newer. */
    private static void readOnce(
            KafkaConsumer<String, String> consumer, TopicPartition partition, Map<String, Long> acked) {
        Map<String, Long> due = new HashMap<>(acked);
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<String, Long> found = new HashMap<>();
        long lastOffset = -1;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                assertThat(record.offset()).isGreaterThan(lastOffset);
                lastOffset = record.offset();
                Long before = found.put(record.key(), number(record));
                assertThat(number(record)).isGreaterThan(before == null ? -1 : before);
            }
        }
        due.forEach(
                (key, number) -> assertThat(found.get(key)).as(key).isNotNull().isGreaterThanOrEqualTo(number));
    }

    private static long number(ConsumerRecord<String, String> record) {
        return Long.parseLong(record.value().substring(0, record.value().indexOf(' ')));
    }
}
