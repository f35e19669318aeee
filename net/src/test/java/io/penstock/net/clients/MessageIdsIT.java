package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.CuttingProxy;
import io.penstock.net.fixture.RawTransactions;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Topics with {@code penstock.delivery=exactly-once} and {@code penstock.dedup.header}, as real producers meet them: a producer without
 * idempotence whose connection is cut after the append, and others that send what is there already.
 */
class MessageIdsIT {
    private static final String TOPIC = "t";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private CuttingProxy proxy;
    private TestBroker broker;

    @BeforeEach
    void start() throws IOException {
        proxy = CuttingProxy.create();
        broker = TestBroker.start(Store.CHRONICLE, Map.of("advertised.listeners", "PLAINTEXT://" + proxy.address()));
        proxy.leadTo(broker.address());
        createTopic(TOPIC, Map.of("penstock.delivery", "exactly-once", "penstock.dedup.header", "id"));
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
        proxy.close();
    }

    private void createTopic(String name, Map<String, String> settings) {
        try (Admin admin = Clients.admin(broker)) {
            await(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings)))
                    .all());
        }
    }

    private KafkaProducer<String, String> plainProducer(Object... properties) {
        Map<String, Object> all = broker.client(properties);
        all.put("bootstrap.servers", proxy.address());
        all.put("enable.idempotence", "false");
        all.putIfAbsent("acks", "all");
        all.put("reconnect.backoff.max.ms", "200");
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    /** The value is the id. */
    private static Future<RecordMetadata> send(KafkaProducer<String, String> producer, String id) {
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, id);
        record.headers().add(new RecordHeader("id", id.getBytes(UTF_8)));
        return producer.send(record);
    }

    /** Everything there is; at least so many records. */
    private List<String> stored(int count) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker)) {
            consumer.assign(List.of(PARTITION));
            List<ConsumerRecord<String, String>> records = Clients.poll(consumer, count);
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return values(records);
        }
    }

    private long endOffset() {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker)) {
            return Objects.requireNonNull(
                    consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
        }
    }

    @Test
    void shouldLeaveOneCopyWhenAProducerIsCutAfterTheAppendAndTriesAgain() throws Exception {
        try (KafkaProducer<String, String> producer = plainProducer()) {
            // given
            await(send(producer, "first"));

            // when
            proxy.cutNextProduce();
            Future<RecordMetadata> second = send(producer, "second");
            proxy.awaitCut();

            // then
            assertThat(await(second).offset()).isEqualTo(1);
            assertThat(await(send(producer, "third")).offset()).isEqualTo(2);
            assertThat(stored(3)).containsExactly("first", "second", "third");
        }
    }

    @Test
    void shouldLeaveOneCopyWhenTheBrokerIsStartedAgainInBetween() throws Exception {
        try (KafkaProducer<String, String> producer = plainProducer()) {
            // given
            await(send(producer, "first"));

            // when
            proxy.leadTo(broker.address());
            proxy.cutNextProduce();
            Future<RecordMetadata> second = send(producer, "second");
            proxy.leadTo("nowhere:0"); // the connection that is there stays, no other comes
            proxy.awaitCut();
            broker.restart();
            proxy.leadTo(broker.address());

            // then
            assertThat(await(second).offset()).isEqualTo(1);
            assertThat(await(send(producer, "third")).offset()).isEqualTo(2);
            assertThat(stored(3)).containsExactly("first", "second", "third");
        }
    }

    @Test
    void shouldLeaveOneCopyOfWhatTwoProducersSend() {
        try (KafkaProducer<String, String> one = plainProducer();
                KafkaProducer<String, String> two = plainProducer("compression.type", "lz4", "linger.ms", "50");
                KafkaProducer<String, String> idempotent = Clients.producer(broker)) {
            for (int i = 0; i < 100; i++) {
                await(send(one, "id-" + i));
            }
            List<Future<RecordMetadata>> again = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                again.add(send(two, "id-" + i));
            }
            again.forEach(Clients::await);
            for (int i = 0; i < 200; i++) {
                await(send(idempotent, "id-" + i));
            }
            await(send(idempotent, "last"));
        }
        List<String> stored = stored(201);
        assertThat(stored).hasSize(201).doesNotHaveDuplicates().endsWith("last");
    }

    @Test
    void shouldTakeInWhatWasAborted() {
        try (KafkaProducer<String, String> producer = plainProducer();
                RawTransactions transactions = new RawTransactions(broker, TOPIC)) {
            transactions.write(1, "message");
            transactions.abort(1);
            await(send(producer, "message"));
            await(send(producer, "message"));
        }
        assertThat(stored(1)).containsExactly("message");
        assertThat(endOffset()).isEqualTo(3);
    }

    @Test
    void shouldShowEachMessageOnceWhenItsTransactionIsAbortedAndTriedAgain() {
        // given a transactional producer whose every second transaction fails, and another one that sends everything
        // again
        for (String transactionalId : List.of("one", "two")) {
            try (KafkaProducer<String, String> producer =
                    Clients.producer(broker, "transactional.id", transactionalId)) {
                producer.initTransactions();
                for (int i = 0; i < 10; i++) {
                    producer.beginTransaction();
                    await(send(producer, "message-" + i));
                    if (i % 2 == 1) {
                        producer.abortTransaction();
                        producer.beginTransaction();
                        await(send(producer, "message-" + i));
                    }
                    producer.commitTransaction();
                }
            }
        }

        // when it is read by a consumer that does not ask for committed records only
        List<String> stored = stored(10);

        // then
        assertThat(stored)
                .containsExactly(
                        IntStream.range(0, 10).mapToObj(i -> "message-" + i).toArray(String[]::new));
    }

    @Test
    void shouldTryAgainByItselfUntilATransactionIsDecided() throws Exception {
        try (KafkaProducer<String, String> producer = plainProducer();
                RawTransactions transactions = new RawTransactions(broker, TOPIC)) {
            // given
            transactions.write(1, "message");
            Future<RecordMetadata> same = send(producer, "message");
            producer.partitionsFor(TOPIC);
            assertThat(same.isDone()).isFalse();

            // when
            transactions.commit(1);

            // then
            assertThat(await(same).offset()).isZero();
        }
    }

    @Test
    void shouldRememberWhatWasDeleted() {
        try (Admin admin = Clients.admin(broker);
                KafkaProducer<String, String> producer = plainProducer()) {
            await(send(producer, "deleted"));
            await(admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(1)))
                    .all());
        }
        broker.restart();
        proxy.leadTo(broker.address());
        try (KafkaProducer<String, String> producer = plainProducer()) {
            assertThat(await(send(producer, "deleted")).offset()).isZero();
        }
        assertThat(endOffset()).isEqualTo(1);
    }

    @Test
    void shouldSayWhatIsWrongToProducersThatAreNotSafe() {
        try (KafkaProducer<String, String> one = plainProducer("acks", "1");
                KafkaProducer<String, String> withoutIds = plainProducer()) {
            assertThatThrownBy(() -> await(send(one, "x")))
                    .isInstanceOf(InvalidRequiredAcksException.class)
                    .hasMessageContaining("penstock.delivery=exactly-once");
            assertThatThrownBy(() -> Clients.send(withoutIds, TOPIC, "x"))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("idempotent");
            assertThat(endOffset()).isZero();
        }
    }

    @Test
    void shouldListItsSettingsAndRefuseBadOnes() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        try (Admin admin = Clients.admin(broker)) {
            assertThat(await(admin.describeConfigs(List.of(topic)).all(), topic).entries())
                    .extracting(entry -> entry.name() + "=" + entry.value())
                    .contains(
                            "penstock.delivery=exactly-once",
                            "penstock.delivery.unsafe=refuse",
                            "penstock.dedup.header=id",
                            "penstock.dedup.window.ms=600000",
                            "penstock.dedup.window.size=100000");
        }
        assertThatThrownBy(() -> createTopic("bad", Map.of("penstock.delivery", "at-most-once")))
                .isInstanceOf(InvalidConfigurationException.class);
    }
}
