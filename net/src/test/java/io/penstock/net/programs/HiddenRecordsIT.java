package io.penstock.net.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.RawTransactions;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Topics with {@code penstock.delivery=exactly-once}: no reader ever sees a record of an aborted transaction, however it asks, and none
 * stands still before such records.
 */
class HiddenRecordsIT {
    private static final String TOPIC = "t";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    /** No client and no tool asks for less: the oldest version that is served. It has an isolation level, 0 reads everything. */
    private static final short OLDEST_FETCH = 4;

    @SuppressWarnings("NullAway.Init") // set by each test
    private TestBroker broker;

    @SuppressWarnings("NullAway.Init") // set by each test
    private RawTransactions transactions;

    @AfterEach
    void stop() {
        transactions.close();
        broker.close();
    }

    private void start(Store store) throws ExecutionException, InterruptedException {
        broker = TestBroker.start(store);
        try (Admin admin = Admin.create(broker.client())) {
            admin.createTopics(List.of(
                            new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("penstock.delivery", "exactly-once"))))
                    .all()
                    .get();
        }
        transactions = new RawTransactions(broker, TOPIC);
    }

    /** Committed and aborted records side by side, whole stretches of aborted ones, and a transaction that is open. */
    private List<String> writeHistory() {
        List<String> committed = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            transactions.write(1, "aborted-" + round);
            transactions.write(2, "committed-" + round, "too-" + round);
            committed.addAll(List.of("committed-" + round, "too-" + round));
            transactions.write(1, "aborted-again-" + round);
            transactions.abort(1);
            transactions.commit(2);
        }
        for (int i = 0; i < 300; i++) {
            transactions.write(1, "aborted-stretch-" + i);
        }
        transactions.abort(1);
        transactions.write(2, "last");
        transactions.commit(2);
        committed.add("last");
        transactions.write(4, "aborted-behind");
        transactions.write(3, "open");
        transactions.abort(4);
        return committed;
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldHideAbortedRecordsFromAJavaConsumerThatReadsUncommitted(Store store) throws Exception {
        // given
        start(store);
        List<String> committed = writeHistory();

        for (String fetchBytes : List.of("100", "1000", "1048576")) {
            try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    broker.client(
                            "isolation.level", "read_uncommitted",
                            "max.partition.fetch.bytes", fetchBytes,
                            "fetch.max.wait.ms", "50"),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                // when
                consumer.assign(List.of(PARTITION));
                consumer.seekToBeginning(List.of(PARTITION));
                long end = Objects.requireNonNull(
                        consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
                List<String> values = new ArrayList<>();
                long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (consumer.position(PARTITION) < end) {
                    assertThat(System.nanoTime() - deadlineNs)
                            .as("stands at %d of %d", consumer.position(PARTITION), end)
                            .isNegative();
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                        values.add(record.value());
                    }
                }

                // then
                assertThat(values).isEqualTo(committed);
            }
        }
        try (Admin admin = Admin.create(broker.client())) {
            long latest = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                    .partitionResult(PARTITION)
                    .get()
                    .offset();
            transactions.abort(3);
            long later = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                    .partitionResult(PARTITION)
                    .get()
                    .offset();
            assertThat(later).isEqualTo(latest + 3);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldHideAbortedRecordsFromKcat(Store store) throws Exception {
        // given
        assumeTrue(CommandLine.exists("kcat"), Toolbox.howToGetKcat());
        start(store);
        List<String> committed = writeHistory();

        // when
        CommandLine.Outcome read = CommandLine.program(
                CommandLine.NO_INPUT,
                "kcat",
                "-b",
                broker.address(),
                "-C",
                "-t",
                TOPIC,
                "-o",
                "beginning",
                "-e",
                "-q",
                "-X",
                "isolation.level=read_uncommitted",
                "-X",
                "check.crcs=true",
                "-X",
                "fetch.message.max.bytes=1000");

        // then
        assertThat(read.exitCode()).as(read.output()).isZero();
        assertThat(read.lines()).isEqualTo(committed);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldHideAbortedRecordsFromTheOldestFetch(Store store) throws Exception {
        // given
        start(store);
        List<String> committed = writeHistory();

        for (int maxBytes : new int[] {1, 500, 1 << 20}) {
            assertThat(fetchAll(maxBytes)).isEqualTo(committed);
        }
    }

    private List<String> fetchAll(int maxBytes) throws IOException {
        int port = Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
        List<String> values = new ArrayList<>();
        try (RawClient client = RawClient.connect(port)) {
            long next = 0;
            while (true) {
                PartitionData answer = fetch(client, next, maxBytes);
                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
                assertThat(answer.highWatermark()).isEqualTo(answer.lastStableOffset());
                if (next == answer.highWatermark()) {
                    return values;
                }
                long before = next;
                for (RecordBatch batch : ((MemoryRecords) answer.records()).batches()) {
                    if (!batch.isControlBatch()) {
                        batch.forEach(record ->
                                values.add(UTF_8.decode(record.value()).toString()));
                    }
                    next = batch.nextOffset();
                }
                assertThat(next).as("where the answer at %d leads", before).isGreaterThan(before);
            }
        }
    }

    private static PartitionData fetch(RawClient client, long offset, int maxBytes) throws IOException {
        FetchRequestData request = new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setMaxBytes(1 << 20)
                .setIsolationLevel((byte) 0)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(maxBytes)))));
        client.sendBytes(RawClient.frame(ApiKeys.FETCH, OLDEST_FETCH, 1, request));
        return client.read(ApiKeys.FETCH, OLDEST_FETCH, FetchResponseData.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }
}
