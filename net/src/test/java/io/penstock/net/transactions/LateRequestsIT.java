package io.penstock.net.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.transactions.HoldingProxy.Held;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a producer sent for one transaction and what arrives only during a later one, or after the end, changes nothing (KIP-890). */
@SuppressWarnings("FutureReturnValueIgnored") // flush waits, and the end of the transaction fails with them
class LateRequestsIT {
    private static final String TOPIC = "late";

    private HoldingProxy proxy;
    private TestBroker broker;
    private KafkaProducer<String, String> producer;
    private TopicPartition partition;

    @BeforeEach
    void start() throws Exception {
        proxy = new HoldingProxy();
        broker = TestBroker.start(
                TestBroker.Store.CHRONICLE, Map.of("advertised.listeners", "PLAINTEXT://localhost:" + proxy.port()));
        String address = broker.address();
        proxy.leadTo(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        partition = Clients.createTopic(broker, TOPIC, 1);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        "localhost:" + proxy.port(),
                        "transactional.id",
                        "late",
                        "reconnect.backoff.ms",
                        10),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
    }

    @AfterEach
    void stop() throws Exception {
        producer.close(Duration.ofSeconds(5));
        proxy.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotEndTheNextTransactionWithALateEnd(boolean isCommit) throws Exception {
        write("first");
        proxy.holdNext(ApiKeys.END_TXN);
        end(isCommit); // the client asks once more on another connection
        Held late = proxy.awaitHeld();
        producer.beginTransaction();
        send("second");

        EndTxnResponseData answer = release(late, EndTxnResponseData.class);

        assertThat(Errors.forCode(answer.errorCode())).isIn(Errors.PRODUCER_FENCED, Errors.INVALID_PRODUCER_EPOCH);
        assertThat(readCommitted()).isEqualTo(isCommit ? List.of("first") : List.of());
        end(!isCommit);
        assertThat(readCommitted()).containsExactly(isCommit ? "first" : "second");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotTakeALateRecordIntoTheNextTransaction(boolean isCommit) throws Exception {
        producer.beginTransaction();
        send("first");
        proxy.holdNext(ApiKeys.PRODUCE);
        producer.send(new ProducerRecord<>(TOPIC, 0, "k", "held"));
        producer.flush(); // sent once more on another connection
        Held late = proxy.awaitHeld();
        end(isCommit);
        producer.beginTransaction();
        send("second");

        ProduceResponseData answer = release(late, ProduceResponseData.class);

        assertThat(errorOf(answer)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        end(true);
        assertThat(readCommitted()).isEqualTo(isCommit ? List.of("first", "held", "second") : List.of("second"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotLeaveATransactionHangingByARecordThatComesAfterItsEnd(boolean isCommit) throws Exception {
        producer.beginTransaction();
        proxy.holdNext(ApiKeys.PRODUCE);
        producer.send(new ProducerRecord<>(TOPIC, 0, "k", "held"));
        producer.flush();
        Held late = proxy.awaitHeld();
        end(isCommit);

        ProduceResponseData answer = release(late, ProduceResponseData.class);

        assertThat(errorOf(answer)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(stableEnd()).as("nothing is open").isEqualTo(end());
        assertThat(readCommitted()).isEqualTo(isCommit ? List.of("held") : List.of());
    }

    private void write(String value) {
        producer.beginTransaction();
        send(value);
    }

    private void send(String value) {
        Clients.await(producer.send(new ProducerRecord<>(TOPIC, 0, "k", value)));
    }

    private void end(boolean isCommit) {
        if (isCommit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static <T extends ApiMessage> T release(Held late, Class<T> type) throws Exception {
        RequestHeader header = RequestHeader.parse(ByteBuffer.wrap(late.frame()));
        ByteBuffer answer = ByteBuffer.wrap(Objects.requireNonNull(late.release(), "the broker closed the connection"));
        ApiKeys api = header.apiKey();
        answer.getInt(); // correlation id
        if (api.responseHeaderVersion(header.apiVersion()) > 0) {
            answer.get(); // no tagged fields
        }
        ApiMessage response = api.messageType.newResponse();
        response.read(new ByteBufferAccessor(answer), header.apiVersion());
        return type.cast(response);
    }

    private static Errors errorOf(ProduceResponseData answer) {
        return Errors.forCode(
                answer.responses().iterator().next().partitionResponses().get(0).errorCode());
    }

    private long end() {
        return endOffset(IsolationLevel.READ_UNCOMMITTED);
    }

    private long stableEnd() {
        return endOffset(IsolationLevel.READ_COMMITTED);
    }

    private long endOffset(IsolationLevel isolation) {
        try (Admin admin = Clients.admin(broker)) {
            return Clients.await(
                            admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                                    .partitionResult(partition))
                    .offset();
        }
    }

    /** All values up to the last stable offset. */
    private List<String> readCommitted() {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker, "isolation.level", "read_committed")) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (consumer.position(partition) < end) {
                assertThat(System.nanoTime()).as("time").isLessThan(deadlineNs);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
