package io.penstock.net.compaction;

import static io.penstock.net.compaction.CompactedTopic.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest record of each key stays as it was, where it was; tombstones stay for their time. */
@ExtendWith(AlarmExtension.class)
class NewestValuesIT {
    private static final int KEYS = 50;
    private static final int ROUNDS = 8;

    private static TestBroker broker;

    /** A record as it must be found. */
    private record Written(long offset, String key, String value, long timestampMs) {}

    @BeforeAll
    static void start() {
        broker = CompactedTopic.eagerBroker();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldKeepTheNewestOfEachKeyAsItWasAndFindItFromEveryOffset(String codec) {
        try (CompactedTopic topic = new CompactedTopic(broker, "newest-" + codec)) {
            // given
            List<Written> newest = overwrite(topic, codec);
            long end = topic.endOffset();
            long sizeBytes = topic.sizeBytes();

            // when
            List<ConsumerRecord<String, String>> left = topic.awaitOneOfEachKey();

            // then
            assertThat(left).map(NewestValuesIT::written).isEqualTo(newest);
            assertThat(left)
                    .allSatisfy(record -> assertThat(
                                    record.headers().lastHeader("key").value())
                            .isEqualTo(bytes(record.key())));
            assertThat(topic.beginningOffset()).isZero();
            assertThat(topic.endOffset()).isEqualTo(end);
            assertThat(topic.sizeBytes()).isLessThan(sizeBytes / 2);
            assertFoundFromEveryOffset(topic, newest, end);
            assertFoundByTime(topic, newest);
        }
    }

    /** Keys in an order of their own each time, so that gaps are everywhere. */
    private static List<Written> overwrite(CompactedTopic topic, String codec) {
        Map<String, Written> newest = new HashMap<>();
        long startMs = System.currentTimeMillis();
        try (KafkaProducer<String, String> producer =
                topic.producer("compression.type", codec, "batch.size", 4_000, "linger.ms", 5)) {
            List<ProducerRecord<String, String>> records = new ArrayList<>();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < KEYS * ROUNDS; i++) {
                // 7 is prime to the number of keys
                int key = (i * 7 + i / KEYS) % (i % 3 == 0 ? KEYS : KEYS / 2);
                ProducerRecord<String, String> record = new ProducerRecord<>(
                        topic.partition().topic(), 0, startMs + i, "key-" + key, "value-" + i + " " + "x".repeat(100));
                record.headers().add("key", bytes("key-" + key));
                records.add(record);
                sent.add(producer.send(record));
            }
            for (int i = 0; i < sent.size(); i++) {
                ProducerRecord<String, String> record = records.get(i);
                long offset = Clients.await(sent.get(i)).offset();
                newest.put(record.key(), new Written(offset, record.key(), record.value(), record.timestamp()));
            }
        }
        return newest.values().stream()
                .sorted(Comparator.comparingLong(Written::offset))
                .toList();
    }

    private static void assertFoundFromEveryOffset(CompactedTopic topic, List<Written> newest, long end) {
        for (long offset = 0; offset < end; offset += offset % 10 == 9 ? 31 : 1) {
            long from = offset;
            assertThat(topic.readFrom(from))
                    .as("from offset %d", from)
                    .map(NewestValuesIT::written)
                    .isEqualTo(newest.stream()
                            .filter(written -> written.offset() >= from)
                            .toList());
        }
    }

    private static void assertFoundByTime(CompactedTopic topic, List<Written> newest) {
        for (Written written : newest) {
            OffsetAndTimestamp found = topic.reader()
                    .offsetsForTimes(Map.of(topic.partition(), written.timestampMs()))
                    .get(topic.partition());
            assertThat(found)
                    .extracting(OffsetAndTimestamp::offset, OffsetAndTimestamp::timestamp)
                    .containsExactly(written.offset(), written.timestampMs());
        }
        // in a gap: the next one that is left
        Written first = newest.get(0);
        OffsetAndTimestamp found = topic.reader()
                .offsetsForTimes(Map.of(topic.partition(), first.timestampMs() - 1))
                .get(topic.partition());
        assertThat(found).extracting(OffsetAndTimestamp::offset).isEqualTo(first.offset());
    }

    @Test
    void shouldBeTheSameAfterARestart() {
        try (TestBroker own = CompactedTopic.eagerBroker()) {
            // given
            List<Written> newest;
            long end;
            try (CompactedTopic topic = new CompactedTopic(own, "restarted")) {
                newest = overwrite(topic, "lz4");
                end = topic.endOffset();
                topic.awaitOneOfEachKey();
            }

            // when
            own.restart();

            // then
            try (var consumer = Clients.consumer(own)) {
                TopicPartition partition = new TopicPartition("restarted", 0);
                consumer.assign(List.of(partition));
                assertThat(Clients.poll(consumer, newest.size()))
                        .map(NewestValuesIT::written)
                        .isEqualTo(newest);
                assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, end);
                assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            }
        }
    }

    @Test
    void shouldKeepATombstoneForItsTimeAndTheValuesItDeletedNot() {
        try (CompactedTopic topic = new CompactedTopic(broker, "kept", "delete.retention.ms", "3600000")) {
            // given
            topic.put("a", "1", "b", "1", "a", null);

            // when: compacted several times
            topic.await(records -> text(records).equals(List.of("b=1", "a=null")));
            for (int i = 0; i < 3; i++) {
                topic.put("c", "first", "c", "last-" + i);
                topic.awaitOneOfEachKey();
            }

            // then
            assertThat(topic.readAll())
                    .extracting(ConsumerRecord::offset, ConsumerRecord::key, ConsumerRecord::value)
                    .containsExactly(tuple(1L, "b", "1"), tuple(2L, "a", null), tuple(8L, "c", "last-2"));
        }
    }

    @Test
    void shouldForgetATombstoneWhenItsTimeIsOver() {
        try (CompactedTopic topic = new CompactedTopic(broker, "forgotten", "delete.retention.ms", "1")) {
            // given
            topic.put("a", "1", "b", "1", "a", null);
            topic.await(records -> text(records).equals(List.of("b=1", "a=null")) || records.size() == 1);

            // when: there is something to compact again
            topic.put("c", "1");

            // then
            assertThat(topic.await(records -> text(records).equals(List.of("b=1", "c=1"))))
                    .extracting(ConsumerRecord::offset)
                    .containsExactly(1L, 3L);
            assertThat(topic.endOffset()).isEqualTo(4);
        }
    }

    private static Written written(ConsumerRecord<String, String> record) {
        return new Written(record.offset(), record.key(), record.value(), record.timestamp());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
