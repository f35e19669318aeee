package io.penstock.net.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches so large that they are sent from the log's files, on each transport. */
@ExtendWith(AlarmExtension.class)
class LargeBatchesIT {
    private static final String TOPIC = "large";
    private static final int BATCHES = 60;
    private static final int BATCH_BYTES = 160_000;
    /** The last version in which a topic has its name. */
    private static final short FETCH_VERSION = 12;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void shouldServeSameBytesHotAndColdAndAfterRestart(String transport) throws IOException {
        try (TestBroker broker = start(transport)) {
            // given
            List<byte[]> values = write(broker);

            // when
            byte[] hot = fetch(broker, BATCHES - 20);
            byte[] whole = fetch(broker, 0);
            assertThat(read(broker)).containsExactlyElementsOf(values);
            broker.restart();

            // then
            assertThat(fetch(broker, 0)).isEqualTo(whole);
            assertThat(fetch(broker, BATCHES - 20)).isEqualTo(hot);
            assertThat(read(broker)).containsExactlyElementsOf(values);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void shouldFinishAnswerWhoseSegmentsAreDeletedMeanwhile(String transport) throws Exception {
        try (TestBroker broker = start(transport)) {
            // given
            write(broker);
            byte[] whole = fetch(broker, 0);
            try (RawClient client = RawClient.connectSlow(port(broker), 1 << 14)) {
                client.sendBytes(RawClient.frame(ApiKeys.FETCH, FETCH_VERSION, 1, request(0)));
                client.awaitAnswer();

                // when
                deleteAllButTheActiveSegment(broker);

                // then
                assertThat(bytesOf(client.read(ApiKeys.FETCH, FETCH_VERSION, FetchResponseData.class)))
                        .isEqualTo(whole);
            }
        }
    }

    private static TestBroker start(String transport) {
        TestBroker broker = TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "penstock.transport", transport,
                        "log.segment.bytes", "2000000",
                        "log.segment.delete.delay.ms", "0",
                        "log.retention.check.interval.ms", "50",
                        "socket.send.buffer.bytes", "65536"));
        Clients.createTopic(broker, TOPIC, 1);
        return broker;
    }

    private static List<byte[]> write(TestBroker broker) {
        Random random = new Random(1);
        List<byte[]> values = new ArrayList<>();
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                broker.client("batch.size", 1), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < BATCHES; i++) {
                byte[] value = new byte[BATCH_BYTES];
                random.nextBytes(value);
                values.add(value);
                acks.add(producer.send(new ProducerRecord<>(TOPIC, value)));
            }
            acks.forEach(Clients::await);
        }
        return values;
    }

    private static List<byte[]> read(TestBroker broker) {
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                broker.client("auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < BATCHES && System.nanoTime() < deadlineNs) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    /** What the broker has from {@code offset} on, in one answer. */
    private static byte[] fetch(TestBroker broker, long offset) throws IOException {
        try (RawClient client = RawClient.connect(port(broker))) {
            client.sendBytes(RawClient.frame(ApiKeys.FETCH, FETCH_VERSION, 1, request(offset)));
            byte[] bytes = bytesOf(client.read(ApiKeys.FETCH, FETCH_VERSION, FetchResponseData.class));
            assertThat(bytes).hasSizeGreaterThan((int) (BATCHES - offset) * BATCH_BYTES);
            return bytes;
        }
    }

    private static FetchRequestData request(long offset) {
        return new FetchRequestData()
                .setMaxBytes(50_000_000)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(50_000_000)))));
    }

    /** The records of an answer, after a look at every checksum. */
    private static byte[] bytesOf(FetchResponseData answer) {
        MemoryRecords records =
                (MemoryRecords) answer.responses().get(0).partitions().get(0).records();
        records.batches().forEach(RecordBatch::ensureValid);
        ByteBuffer buffer = records.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void deleteAllButTheActiveSegment(TestBroker broker) throws InterruptedException {
        try (Admin admin = Clients.admin(broker)) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
            AlterConfigOp one = new AlterConfigOp(new ConfigEntry("retention.bytes", "1"), AlterConfigOp.OpType.SET);
            Clients.await(
                    admin.incrementalAlterConfigs(Map.of(topic, List.of(one))).all());
        }
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker)) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L) < BATCHES - 20) {
                assertThat(System.nanoTime()).as("retention has to come by").isLessThan(deadlineNs);
                Thread.sleep(20);
            }
        }
        // The files go right after.
        Thread.sleep(200);
    }

    private static int port(TestBroker broker) {
        return Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
    }
}
