package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.poll;
import static io.penstock.net.clients.Clients.producer;
import static io.penstock.net.clients.Clients.send;
import static io.penstock.net.clients.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@EnumSource(TestBroker.Store.class)
class ProduceConsumeIT {
    private final TestBroker.Store store;

    private TestBroker broker;

    ProduceConsumeIT(TestBroker.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(store);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static List<String> numbered(int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add("value-" + i);
        }
        return values;
    }

    private static void sendAll(KafkaProducer<String, String> producer, TopicPartition to, List<String> values) {
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        for (String value : values) {
            acks.add(producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value)));
        }
        producer.flush();
        for (int i = 0; i < acks.size(); i++) {
            assertThat(await(acks.get(i)).offset()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldReadBackWhatWasWrittenInEveryCompression(String compression) {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        List<String> values = numbered(2000);

        // when
        try (KafkaProducer<String, String> producer = producer(broker, "compression.type", compression)) {
            sendAll(producer, partition, values);
        }

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            List<ConsumerRecord<String, String>> records = poll(consumer, 2000);
            assertThat(values(records)).isEqualTo(values);
            assertThat(records)
                    .extracting(ConsumerRecord::offset)
                    .startsWith(0L, 1L)
                    .endsWith(1999L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "all"})
    void shouldKeepOrderWithManySmallRequestsInFlight(String acks) {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        List<String> values = numbered(3000);

        // when
        try (KafkaProducer<String, String> producer =
                producer(broker, "acks", acks, "batch.size", 1, "enable.idempotence", acks.equals("all"))) {
            sendAll(producer, partition, values);
        }

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            assertThat(values(poll(consumer, 3000))).isEqualTo(values);
        }
    }

    @Test
    void shouldWriteWithoutAcks() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);

        // when
        try (KafkaProducer<String, String> producer = producer(broker, "acks", "0")) {
            assertThat(send(producer, "t", "a").offset()).isEqualTo(-1);
            send(producer, "t", "b");
        }

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            assertThat(values(poll(consumer, 2))).containsExactly("a", "b");
        }
    }

    @Test
    void shouldCreateTheTopicThatIsWrittenTo() {
        // when
        try (KafkaProducer<String, String> producer = producer(broker)) {
            RecordMetadata metadata = send(producer, "made-on-the-way", "a");

            // then
            assertThat(metadata.offset()).isZero();
            assertThat(producer.partitionsFor("made-on-the-way")).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAnIllegalTopicName() {
        try (KafkaProducer<String, String> producer = producer(broker)) {
            assertThatThrownBy(() -> send(producer, "a b", "x")).isInstanceOf(InvalidTopicException.class);
        }
    }

    @Test
    void shouldNotCreateTopicsWhenThatIsSwitchedOff() {
        // given
        broker.close();
        broker = TestBroker.start(store, Map.of("auto.create.topics.enable", "false"));

        // then
        try (KafkaProducer<String, String> producer = producer(broker, "max.block.ms", 500)) {
            assertThatThrownBy(() -> send(producer, "absent", "x")).isInstanceOf(TimeoutException.class);
        }
        try (Admin admin = Clients.admin(broker)) {
            assertThat(await(admin.listTopics().names())).isEmpty();
        }
    }

    @Test
    void shouldDeliverToAWaitingConsumer() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaConsumer<String, String> consumer = consumer(broker, "fetch.max.wait.ms", 3_000);
                KafkaProducer<String, String> producer = producer(broker)) {
            consumer.assign(List.of(partition));
            consumer.poll(Duration.ofMillis(300));

            // when
            long startNs = System.nanoTime();
            send(producer, "t", "a");
            List<ConsumerRecord<String, String>> records = poll(consumer, 1);

            // then
            assertThat(values(records)).containsExactly("a");
            assertThat(System.nanoTime() - startNs)
                    .isLessThan(Duration.ofSeconds(2).toNanos());
        }
    }

    @Test
    void shouldDeliverFromManyPartitionsToOneConsumer() {
        // given
        createTopic(broker, "t", 100);
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            partitions.add(new TopicPartition("t", i));
        }
        Set<String> sent = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = consumer(broker, "fetch.max.bytes", 2000);
                KafkaProducer<String, String> producer = producer(broker)) {
            consumer.assign(partitions);

            // when
            for (int round = 0; round < 5; round++) {
                List<Future<RecordMetadata>> acks = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    sent.add(round + "/" + i);
                    acks.add(producer.send(new ProducerRecord<>("t", i, null, round + "/" + i)));
                }
                producer.flush();
                acks.forEach(Clients::await);
            }

            // then
            assertThat(new HashSet<>(values(poll(consumer, 500)))).isEqualTo(sent);
        }
    }

    @Test
    void shouldWaitForFetchMinBytesOverSeveralPartitions() {
        // given
        createTopic(broker, "t", 2);
        List<TopicPartition> both = List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));
        try (KafkaConsumer<String, String> consumer =
                        consumer(broker, "fetch.min.bytes", 3000, "fetch.max.wait.ms", 4_000);
                KafkaProducer<String, String> producer = producer(broker)) {
            consumer.assign(both);
            await(producer.send(new ProducerRecord<>("t", 0, null, "a".repeat(1500))));
            assertThat(consumer.poll(Duration.ofMillis(500))).isEmpty();

            // when
            await(producer.send(new ProducerRecord<>("t", 1, null, "b".repeat(1500))));

            // then
            assertThat(poll(consumer, 2)).hasSize(2);
        }
    }

    @Test
    void shouldSeekIntoTheMiddleOfABatch() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaProducer<String, String> producer = producer(broker, "linger.ms", 100);
                KafkaConsumer<String, String> consumer = consumer(broker)) {
            sendAll(producer, partition, numbered(100));
            consumer.assign(List.of(partition));

            // when
            consumer.seek(partition, 57);

            // then
            List<ConsumerRecord<String, String>> records = poll(consumer, 43);
            assertThat(records.get(0).offset()).isEqualTo(57);
            assertThat(records.get(0).value()).isEqualTo("value-57");
        }
    }

    @Test
    void shouldTellThatAnOffsetIsOutOfRange() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaConsumer<String, String> consumer = consumer(broker, "auto.offset.reset", "none")) {
            consumer.assign(List.of(partition));

            // when
            consumer.seek(partition, 1000);

            // then
            assertThatThrownBy(() -> poll(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void shouldReadAMessageLargerThanTheFetchLimits() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        String large = "x".repeat(900_000);
        try (KafkaProducer<String, String> producer = producer(broker);
                KafkaConsumer<String, String> consumer =
                        consumer(broker, "fetch.max.bytes", 1000, "max.partition.fetch.bytes", 1000)) {
            consumer.assign(List.of(partition));

            // when
            send(producer, "t", large);
            send(producer, "t", "small");

            // then
            assertThat(values(poll(consumer, 2))).containsExactly(large, "small");
        }
    }

    @Test
    void shouldRefuseAMessageThatIsTooLargeForTheTopic() {
        // given
        try (Admin admin = Clients.admin(broker)) {
            await(admin.createTopics(
                            List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("max.message.bytes", "1000"))))
                    .all());
        }

        // then
        try (KafkaProducer<String, String> producer = producer(broker)) {
            assertThatThrownBy(() -> send(producer, "t", "x".repeat(5000))).isInstanceOf(RecordTooLargeException.class);
            assertThat(send(producer, "t", "fits").offset()).isZero();
        }
    }

    @Test
    void shouldSplitABatchThatIsTooLargeAndWriteItOnce() {
        // given
        TopicPartition partition = new TopicPartition("t", 0);
        try (Admin admin = Clients.admin(broker)) {
            await(admin.createTopics(
                            List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("max.message.bytes", "3000"))))
                    .all());
        }
        List<String> values = numbered(500);

        // when
        try (KafkaProducer<String, String> producer = producer(broker, "linger.ms", 200)) {
            sendAll(producer, partition, values);
        }

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            assertThat(values(poll(consumer, 500))).isEqualTo(values);
        }
    }

    @Test
    void shouldServeReadCommittedConsumers() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaProducer<String, String> producer = producer(broker);
                KafkaConsumer<String, String> consumer = consumer(broker, "isolation.level", "read_committed")) {
            consumer.assign(List.of(partition));

            // when
            send(producer, "t", "a");

            // then
            assertThat(values(poll(consumer, 1))).containsExactly("a");
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 1L);
        }
    }

    @Test
    void shouldGoOnWithARecreatedTopic() {
        // given
        createTopic(broker, "t", 1);
        try (KafkaProducer<String, String> producer = producer(broker);
                Admin admin = Clients.admin(broker)) {
            send(producer, "t", "old");
            await(admin.deleteTopics(List.of("t")).all());
            TopicPartition partition = createTopic(broker, "t", 1);

            // when
            RecordMetadata metadata = send(producer, "t", "new");

            // then
            assertThat(metadata.offset()).isZero();
            try (KafkaConsumer<String, String> consumer = consumer(broker)) {
                consumer.assign(List.of(partition));
                assertThat(values(poll(consumer, 1))).containsExactly("new");
            }
        }
    }
}
