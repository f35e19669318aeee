package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.admin;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets that Kafka's Java producer commits in transactions of either version, for consumers of either protocol. */
@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@CsvSource({"0, classic", "2, classic", "2, consumer"})
@SuppressWarnings("removal") // only those constructors make what no consumer would say
class TransactionalOffsetsIT {
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final TopicPartition OUT = new TopicPartition("out", 0);
    private static final ConsumerGroupMetadata NO_MEMBER = new ConsumerGroupMetadata("g");

    private final short transactionVersion;
    private final String protocol;
    private TestBroker broker;
    private Admin admin;

    TransactionalOffsetsIT(short transactionVersion, String protocol) {
        this.transactionVersion = transactionVersion;
        this.protocol = protocol;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(TestBroker.Store.CHRONICLE);
        admin = admin(broker);
        if (transactionVersion < 2) {
            await(admin.updateFeatures(
                            Map.of(
                                    "transaction.version",
                                    new FeatureUpdate(transactionVersion, UpgradeType.UNSAFE_DOWNGRADE)),
                            new UpdateFeaturesOptions())
                    .all());
        }
        createTopic(broker, "in", 2);
        createTopic(broker, "out", 1);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private KafkaProducer<String, String> begun(String transactionalId) {
        KafkaProducer<String, String> producer = producer(broker, "transactional.id", transactionalId);
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<String, String> member() {
        return consumer(
                broker,
                "group.id",
                "g",
                "group.protocol",
                protocol,
                "enable.auto.commit",
                "false",
                "isolation.level",
                "read_committed");
    }

    private static Map<TopicPartition, OffsetAndMetadata> at(long offset) {
        return Map.of(IN, new OffsetAndMetadata(offset, "mine"));
    }

    /** What is committed in that moment; null for nothing. */
    private @Nullable OffsetAndMetadata committed() {
        return await(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata())
                .get(IN);
    }

    /** What consumers are told, which ask until it is stable. */
    private @Nullable OffsetAndMetadata stable() {
        return stable(Duration.ofSeconds(20));
    }

    private @Nullable OffsetAndMetadata stable(Duration patience) {
        try (KafkaConsumer<String, String> consumer = member()) {
            return consumer.committed(Set.of(IN), patience).get(IN);
        }
    }

    private void checkUnstable() {
        assertThatThrownBy(() -> stable(Duration.ofMillis(700))).isInstanceOf(TimeoutException.class);
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(true);
        assertThat(await(admin.listConsumerGroupOffsets("g", options).partitionsToOffsetAndMetadata()))
                .as("the administrator leaves out what is not stable")
                .doesNotContainKey(IN);
    }

    private void commitOutside(long offset) {
        await(admin.alterConsumerGroupOffsets("g", at(offset)).all());
    }

    @Test
    void shouldCarryRecordsAndOffsetsOverTogether() {
        // given
        try (KafkaProducer<String, String> source = producer(broker)) {
            for (int i = 0; i < 10; i++) {
                await(source.send(new ProducerRecord<>("in", 0, null, "r" + i)));
            }
        }
        try (KafkaConsumer<String, String> consumer = member();
                KafkaProducer<String, String> producer = begun("tx")) {
            consumer.subscribe(List.of("in"));
            // when
            poll(consumer, 10).forEach(record -> {
                producer.beginTransaction();
                send(producer, "out", record.value());
                producer.sendOffsetsToTransaction(at(record.offset() + 1), consumer.groupMetadata());
                if (record.offset() % 3 == 2) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            });

            // then
            assertThat(consumer.committed(Set.of(IN)).get(IN)).isEqualTo(new OffsetAndMetadata(10, "mine"));
        }
        try (KafkaConsumer<String, String> consumer = consumer(broker, "isolation.level", "read_committed")) {
            consumer.assign(List.of(OUT));
            assertThat(values(poll(consumer, 7))).containsExactly("r0", "r1", "r3", "r4", "r6", "r7", "r9");
        }
    }

    @Test
    void shouldShowOffsetsNotBeforeTheyAreCommittedAndKeepThemThroughARestart() {
        try (KafkaProducer<String, String> producer = begun("tx")) {
            // given
            commitOutside(3);
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(at(7), NO_MEMBER);
            assertThat(committed()).isEqualTo(new OffsetAndMetadata(3, "mine"));
            checkUnstable();

            // when
            producer.commitTransaction();

            // then
            assertThat(stable()).isEqualTo(new OffsetAndMetadata(7, "mine"));
        }
        restart();
        assertThat(stable()).isEqualTo(new OffsetAndMetadata(7, "mine"));
    }

    private void restart() {
        admin.close();
        broker.restart();
        admin = admin(broker);
    }

    @Test
    void shouldForgetOffsetsOfAnAbortedTransaction() {
        try (KafkaProducer<String, String> producer = begun("tx")) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(at(7), NO_MEMBER);

            producer.abortTransaction();

            assertThat(stable()).isNull();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(at(8), NO_MEMBER);
            producer.commitTransaction();
            assertThat(stable()).isEqualTo(new OffsetAndMetadata(8, "mine"));
        }
    }

    @Test
    void shouldKeepOffsetsPendingThroughARestart() {
        // given
        commitOutside(3);
        KafkaProducer<String, String> old = begun("tx");
        old.beginTransaction();
        old.sendOffsetsToTransaction(at(7), NO_MEMBER);
        old.close(Duration.ZERO);

        // when
        restart();

        // then
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(3, "mine"));
        checkUnstable();
        begun("tx").close(Duration.ZERO);
        assertThat(stable()).isEqualTo(new OffsetAndMetadata(3, "mine"));
    }

    @Test
    void shouldForgetOffsetsOfAProducerWhosePlaceAnotherTakes() {
        try (KafkaProducer<String, String> old = begun("tx")) {
            // given
            old.beginTransaction();
            old.sendOffsetsToTransaction(at(7), NO_MEMBER);

            // when
            try (KafkaProducer<String, String> young = begun("tx")) {
                // then
                assertThat(stable()).isNull();
                assertThatThrownBy(() -> old.sendOffsetsToTransaction(at(8), NO_MEMBER))
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                young.beginTransaction();
                young.sendOffsetsToTransaction(at(9), NO_MEMBER);
                young.commitTransaction();
            }
            assertThat(stable()).isEqualTo(new OffsetAndMetadata(9, "mine"));
        }
    }

    @Test
    void shouldRefuseOffsetsInTheNameOfNoMember() {
        try (KafkaConsumer<String, String> consumer = member();
                KafkaProducer<String, String> producer = begun("tx")) {
            // given
            consumer.subscribe(List.of("in"));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(50));
            }
            ConsumerGroupMetadata known = consumer.groupMetadata();
            ConsumerGroupMetadata stranger =
                    new ConsumerGroupMetadata("g", known.generationId(), "stranger", Optional.empty());
            ConsumerGroupMetadata early =
                    new ConsumerGroupMetadata("g", known.generationId() + 1, known.memberId(), Optional.empty());

            // when, then
            for (ConsumerGroupMetadata wrong : List.of(stranger, early)) {
                producer.beginTransaction();
                assertThatThrownBy(() -> producer.sendOffsetsToTransaction(at(7), wrong))
                        .isInstanceOfAny(CommitFailedException.class, KafkaException.class);
                producer.abortTransaction();
            }
            assertThat(stable()).isNull();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(at(8), known);
            producer.commitTransaction();
            assertThat(stable()).isEqualTo(new OffsetAndMetadata(8, "mine"));
        }
    }
}
