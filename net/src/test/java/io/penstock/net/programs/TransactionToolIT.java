package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.programs.CommandLine.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code kafka-transactions}: list, describe, describe-producers, find-hanging, abort. */
class TransactionToolIT {
    private static final String TOOL = "org.apache.kafka.tools.TransactionsCommand";
    private static final String TOPIC = "traded";

    private TestBroker broker;
    private TopicPartition partition;

    @BeforeEach
    void start() {
        // Without verification a client that ignores the protocol can leave a transaction hanging, as it could before
        // KIP-890.
        broker =
                TestBroker.start(TestBroker.Store.MEMORY, Map.of("transaction.partition.verification.enable", "false"));
        partition = Clients.createTopic(broker, TOPIC, 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private List<String> run(String... arguments) {
        Outcome outcome = KafkaTool.succeed(broker.address(), TOOL, NO_INPUT, arguments);
        return outcome.lines();
    }

    private static String[] words(String line) {
        return line.trim().split("\\s+");
    }

    @Test
    void shouldListAndDescribeTransactions() {
        try (KafkaProducer<String, String> producer = Clients.producer(broker, "transactional.id", "trade")) {
            producer.initTransactions();
            producer.beginTransaction();
            Clients.await(producer.send(new ProducerRecord<>(TOPIC, 0, "k", "v")));

            List<String> listed = run("list");
            List<String> described = run("describe", "--transactional-id", "trade");
            List<String> producers = run("describe-producers", "--topic", TOPIC, "--partition", "0");

            assertThat(words(listed.get(0)))
                    .containsExactly("TransactionalId", "Coordinator", "ProducerId", "TransactionState");
            assertThat(words(listed.get(1))).startsWith("trade").endsWith("Ongoing");
            assertThat(words(described.get(1))).contains("trade", "Ongoing", TOPIC + "-0");
            assertThat(words(producers.get(0)))
                    .containsExactly(
                            "ProducerId",
                            "ProducerEpoch",
                            "LatestCoordinatorEpoch",
                            "LastSequence",
                            "LastTimestamp",
                            "CurrentTransactionStartOffset");
            assertThat(words(producers.get(1))).endsWith("0").contains(words(listed.get(1))[2]);
            producer.commitTransaction();
            assertThat(words(run("describe-producers", "--topic", TOPIC, "--partition", "0")
                            .get(1)))
                    .endsWith("None");
        }
        assertThat(words(run("list").get(1))).startsWith("trade").endsWith("CompleteCommit");
    }

    @Test
    void shouldFindAndAbortAHangingTransaction() throws Exception {
        leaveHanging();
        assertThat(stableEnd()).isZero();

        List<String> found = run("find-hanging", "--broker-id", "1", "--max-transaction-timeout", "0");
        assertThat(found).as("hanging").hasSize(2);
        String[] hanging = words(found.get(1));
        run(
                "abort",
                "--topic",
                TOPIC,
                "--partition",
                "0",
                "--producer-id",
                hanging[2],
                "--producer-epoch",
                hanging[3],
                "--coordinator-epoch",
                "0");

        assertThat(stableEnd()).as("record and marker").isEqualTo(2);
        assertThat(run("find-hanging", "--broker-id", "1", "--max-transaction-timeout", "0"))
                .hasSize(1);
    }

    @Test
    void shouldAbortByTheOffsetAtWhichItBegan() throws Exception {
        leaveHanging();

        run("abort", "--topic", TOPIC, "--partition", "0", "--start-offset", "0");

        assertThat(stableEnd()).isEqualTo(2);
    }

    /** A transactional batch of a producer of which no coordinator knows a transaction. */
    private void leaveHanging() throws Exception {
        String address = broker.address();
        try (RawClient client = RawClient.connect(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))) {
            InitProducerIdResponseData producer = client.send(
                            ApiKeys.INIT_PRODUCER_ID,
                            1,
                            new InitProducerIdRequestData()
                                    .setTransactionalId(null)
                                    .setTransactionTimeoutMs(1_000))
                    .read(ApiKeys.INIT_PRODUCER_ID, InitProducerIdResponseData.class);
            assertThat(Errors.forCode(producer.errorCode())).isEqualTo(Errors.NONE);
            MemoryRecords records = MemoryRecords.withTransactionalRecords(
                    Compression.NONE,
                    producer.producerId(),
                    producer.producerEpoch(),
                    0,
                    new SimpleRecord(
                            System.currentTimeMillis(),
                            "k".getBytes(StandardCharsets.UTF_8),
                            "v".getBytes(StandardCharsets.UTF_8)));
            ProduceRequestData produce = new ProduceRequestData()
                    .setTransactionalId("nobody")
                    .setAcks((short) -1)
                    .setTimeoutMs(10_000);
            produce.topicData()
                    .add(new TopicProduceData()
                            .setName(TOPIC)
                            .setPartitionData(List.of(
                                    new PartitionProduceData().setIndex(0).setRecords(records))));
            short version = 9;
            ProduceResponseData answer = client.sendBytes(RawClient.frame(ApiKeys.PRODUCE, version, 2, produce))
                    .read(ApiKeys.PRODUCE, version, ProduceResponseData.class);
            assertThat(answer.responses().iterator().next().partitionResponses())
                    .extracting(one -> Errors.forCode(one.errorCode()))
                    .isEqualTo(Arrays.asList(Errors.NONE));
        }
    }

    private long stableEnd() {
        try (Admin admin = Clients.admin(broker)) {
            return Clients.await(admin.listOffsets(
                                    Map.of(partition, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(partition))
                    .offset();
        }
    }
}
