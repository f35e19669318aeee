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
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of Kafka's Java producer, which chooses its protocol by {@code transaction.version}. */
@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@ValueSource(shorts = {0, 2})
class TransactionsIT {
    private static final int DEADLINE_MS = 20_000;

    private final short transactionVersion;
    private TestBroker broker;
    private Admin admin;

    TransactionsIT(short transactionVersion) {
        this.transactionVersion = transactionVersion;
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
        createTopic(broker, "t", 3);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private KafkaProducer<String, String> begun(String transactionalId, Object... properties) {
        Object[] all = new Object[properties.length + 2];
        System.arraycopy(properties, 0, all, 2, properties.length);
        all[0] = "transactional.id";
        all[1] = transactionalId;
        KafkaProducer<String, String> producer = producer(broker, all);
        producer.initTransactions();
        return producer;
    }

    private List<String> committed(int count) {
        try (KafkaConsumer<String, String> consumer = consumer(broker, "isolation.level", "read_committed")) {
            consumer.assign(
                    List.of(new TopicPartition("t", 0), new TopicPartition("t", 1), new TopicPartition("t", 2)));
            return values(poll(consumer, count));
        }
    }

    @Test
    void shouldShowWhatIsCommittedAndNothingThatIsAborted() {
        // given
        try (KafkaProducer<String, String> producer = begun("tx")) {
            // when
            for (int i = 0; i < 20; i++) {
                producer.beginTransaction();
                send(producer, "t", "a" + i);
                send(producer, "t", "b" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }

        // then
        List<String> values = committed(20);
        assertThat(values).hasSize(20).allMatch(value -> Integer.parseInt(value.substring(1)) % 2 == 0);
    }

    @Test
    void shouldLetAProducerAbortAndCommitNothing() {
        try (KafkaProducer<String, String> producer = begun("tx")) {
            producer.beginTransaction();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "t", "a");
            producer.commitTransaction();
        }
        assertThat(committed(1)).containsExactly("a");
    }

    @Test
    void shouldFenceTheProducerWhoseIdIsTakenOver() {
        // given
        try (KafkaProducer<String, String> zombie = begun("tx");
                KafkaProducer<String, String> heir = producer(broker, "transactional.id", "tx")) {
            zombie.beginTransaction();
            send(zombie, "t", "zombie");

            // when
            heir.initTransactions();

            // then
            assertThatThrownBy(zombie::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            heir.beginTransaction();
            send(heir, "t", "heir");
            heir.commitTransaction();
        }
        assertThat(committed(1)).containsExactly("heir");
    }

    @Test
    void shouldAbortATransactionThatTakesTooLong() {
        // given
        try (KafkaProducer<String, String> slow = begun("slow", "transaction.timeout.ms", 500);
                KafkaProducer<String, String> other = begun("other")) {
            slow.beginTransaction();
            send(slow, "t", "slow");

            // when
            waitFor("slow", TransactionState.COMPLETE_ABORT);

            // then
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
            other.beginTransaction();
            send(other, "t", "other");
            other.commitTransaction();
        }
        assertThat(committed(1)).containsExactly("other");
    }

    private void waitFor(String transactionalId, TransactionState state) {
        long deadlineMs = System.currentTimeMillis() + DEADLINE_MS;
        while (describe(transactionalId).state() != state) {
            assertThat(System.currentTimeMillis()).isLessThan(deadlineMs);
        }
    }

    private TransactionDescription describe(String transactionalId) {
        return await(admin.describeTransactions(List.of(transactionalId)).all(), transactionalId);
    }

    @Test
    void shouldTellAdministratorsWhatIsUnderWay() {
        // given
        try (KafkaProducer<String, String> producer = begun("tx", "transaction.timeout.ms", 12_345)) {
            assertThat(describe("tx").state()).isEqualTo(TransactionState.EMPTY);
            producer.beginTransaction();
            long offset = send(producer, "t", "a").partition();

            // then
            TransactionDescription description = describe("tx");
            assertThat(description.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(description.topicPartitions()).containsExactly(new TopicPartition("t", (int) offset));
            assertThat(description.transactionTimeoutMs()).isEqualTo(12_345);
            assertThat(await(admin.listTransactions(
                                    new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
                            .all()))
                    .extracting(TransactionListing::transactionalId)
                    .containsExactly("tx");
            assertThat(await(admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("y.*"))
                            .all()))
                    .isEmpty();
            producer.commitTransaction();
        }
    }

    @Test
    void shouldFenceProducersForAdministrators() {
        // given
        try (KafkaProducer<String, String> producer = begun("tx")) {
            producer.beginTransaction();
            send(producer, "t", "a");

            // when
            await(admin.fenceProducers(List.of("tx")).all());

            // then
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
            waitFor("tx", TransactionState.EMPTY);
        }
    }

    @Test
    void shouldRememberTransactionsAcrossARestart() {
        // given
        try (KafkaProducer<String, String> producer = begun("done")) {
            producer.beginTransaction();
            send(producer, "t", "done");
            producer.commitTransaction();
        }
        KafkaProducer<String, String> lost = begun("tx");
        lost.beginTransaction();
        send(lost, "t", "lost");

        // when
        broker.restart();
        lost.close(Duration.ZERO);
        admin.close();
        admin = admin(broker);

        // then
        assertThat(describe("tx").state()).isEqualTo(TransactionState.ONGOING);
        waitFor("done", TransactionState.COMPLETE_COMMIT);
        try (KafkaProducer<String, String> heir = begun("tx")) {
            heir.beginTransaction();
            send(heir, "t", "heir");
            heir.commitTransaction();
        }
        assertThat(committed(2)).containsExactlyInAnyOrder("done", "heir");
    }

    @Test
    void shouldCommitOffsetsWithTheTransaction() {
        TopicPartition partition = new TopicPartition("t", 0);
        try (KafkaProducer<String, String> producer = begun("tx");
                KafkaConsumer<String, String> consumer = consumer(broker, "group.id", "g")) {
            // when
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), consumer.groupMetadata());
            producer.abortTransaction();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), consumer.groupMetadata());
            producer.commitTransaction();

            // then
            assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(5));
        }
    }
}
