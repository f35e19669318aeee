package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.admin;
import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.poll;
import static io.penstock.net.clients.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.net.fixture.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction of which no coordinator knows holds read_committed readers up until an administrator aborts it, also across a restart. */
class HangingTransactionIT {
    private static final long PRODUCER = 4_242;

    private final TestBroker broker = TestBroker.start(TestBroker.Store.CHRONICLE);
    private final TopicPartition partition = createTopic(broker, "t", 1);

    @AfterEach
    void close() {
        broker.close();
    }

    private static SimpleRecord record(String value) {
        return new SimpleRecord(value.getBytes(UTF_8));
    }

    private void append(MemoryRecords batch, Origin origin) throws Exception {
        CompletableFuture<AppendResult> answer = new CompletableFuture<>();
        TopicImage topic = Objects.requireNonNull(broker.kernel().metadata().topic("t"));
        PartitionId id = topic.partitions().get(0).id();
        broker.kernel()
                .partitions()
                .append(id, new AppendRequest(batch.buffer(), (short) 1, 10_000, origin), answer::complete);
        assertThat(answer.get(20, TimeUnit.SECONDS).error()).isEqualTo(Errors.NONE);
    }

    private long latest(Admin admin, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private ProducerState producer(Admin admin) throws Exception {
        return admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers().stream()
                .filter(state -> state.producerId() == PRODUCER)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldHoldReadersUpUntilItIsAborted() throws Exception {
        // given
        append(MemoryRecords.withRecords(Compression.NONE, record("before")), Origin.CLIENT);
        append(
                MemoryRecords.withTransactionalRecords(
                        Compression.NONE, PRODUCER, (short) 3, 0, record("open 1"), record("open 2")),
                Origin.COORDINATOR);
        append(MemoryRecords.withRecords(Compression.NONE, record("behind")), Origin.CLIENT);
        broker.restart();

        try (Admin admin = admin(broker);
                KafkaConsumer<String, String> committed =
                        consumer(broker, "isolation.level", "read_committed", "auto.offset.reset", "earliest")) {
            assertThat(latest(admin, IsolationLevel.READ_COMMITTED)).isEqualTo(1);
            assertThat(latest(admin, IsolationLevel.READ_UNCOMMITTED)).isEqualTo(4);
            assertThat(producer(admin).currentTransactionStartOffset()).hasValue(1);
            committed.assign(List.of(partition));
            assertThat(values(poll(committed, 1))).containsExactly("before");

            // when
            await(admin.abortTransaction(new AbortTransactionSpec(partition, PRODUCER, (short) 3, 0))
                    .all());

            // then
            assertThat(values(poll(committed, 1))).containsExactly("behind");
            assertThat(latest(admin, IsolationLevel.READ_COMMITTED)).isEqualTo(5);
            assertThat(producer(admin).currentTransactionStartOffset()).isEmpty();
            assertThat(producer(admin).coordinatorEpoch()).hasValue(0);
            assertThatThrownBy(() -> admin.abortTransaction(new AbortTransactionSpec(partition, PRODUCER, (short) 2, 0))
                            .all()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InvalidProducerEpochException.class);
        }
        try (KafkaConsumer<String, String> all = consumer(broker, "auto.offset.reset", "earliest")) {
            all.assign(List.of(partition));
            assertThat(values(poll(all, 4))).hasSize(4);
        }
    }
}
