package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.createTopic;
import static org.apache.kafka.common.quota.ClientQuotaEntity.CLIENT_ID;
import static org.apache.kafka.common.quota.ClientQuotaEntity.IP;
import static org.apache.kafka.common.quota.ClientQuotaEntity.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Quotas as clients see them. Windows are short, so that quotas bite after two seconds' worth and not after ten. */
@ExtendWith(AlarmExtension.class)
class QuotasIT {
    private static final Map<String, String> SHORT_WINDOWS =
            Map.of("quota.window.num", "3", "controller.quota.window.num", "3");
    private static final String RAW = "raw";
    private static final short PRODUCE_BY_NAME = 11;
    private static final short FETCH_BY_NAME = 12;

    private TestBroker broker = TestBroker.start(Store.MEMORY, SHORT_WINDOWS);
    private Admin admin = Clients.admin(broker);

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void shouldKeepQuotasAcrossARestart() {
        // given
        admin.close();
        broker.close();
        broker = TestBroker.start(Store.CHRONICLE, SHORT_WINDOWS);
        admin = Clients.admin(broker);
        ClientQuotaEntity alice = entity(USER, "alice", CLIENT_ID, null);
        ClientQuotaEntity anyIp = entity(IP, null);
        set(alice, "producer_byte_rate", 1024.0);
        set(alice, "request_percentage", 12.5);
        set(anyIp, "connection_creation_rate", 100.0);
        set(alice, "request_percentage", null);

        // when
        admin.close();
        broker.restart();
        admin = Clients.admin(broker);

        // then
        assertThat(describe(ClientQuotaFilter.all()))
                .isEqualTo(Map.of(
                        alice, Map.of("producer_byte_rate", 1024.0), anyIp, Map.of("connection_creation_rate", 100.0)));
        assertThat(describe(
                        ClientQuotaFilter.containsOnly(List.of(ClientQuotaFilterComponent.ofEntity(USER, "alice")))))
                .isEmpty();
        assertThat(describe(ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity(USER, "alice")))))
                .containsOnlyKeys(alice);
    }

    @Test
    void shouldRefuseQuotasThatMakeNoSense() {
        ClientQuotaEntity alice = entity(USER, "alice");
        assertThatThrownBy(() -> set(alice, "producer_byte_rate", -1.0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Quota producer_byte_rate must be greater than 0");
        assertThatThrownBy(() -> set(entity(IP, "no.such.host.invalid"), "connection_creation_rate", 1.0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("no.such.host.invalid is not a valid IP or resolvable host.");
        assertThatThrownBy(() -> describe(
                        ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntityType("planet")))))
                .isInstanceOf(UnsupportedVersionException.class);
        await(admin.alterClientQuotas(
                        List.of(alteration(alice, "producer_byte_rate", 1.0)),
                        new AlterClientQuotasOptions().validateOnly(true))
                .all());
        assertThat(describe(ClientQuotaFilter.all())).isEmpty();
    }

    @Test
    void shouldHoldAProducerToItsRate() {
        // given
        createTopic(broker, "t", 1);
        set(entity(CLIENT_ID, "slow"), "producer_byte_rate", 50_000.0);
        try (KafkaProducer<String, String> slow = producer("slow", "1");
                KafkaProducer<String, String> free = producer("free", "1")) {
            // when
            long beganNs = System.nanoTime();
            sendBytes(slow, 300_000);
            long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
            sendBytes(free, 300_000);

            // then: two seconds' worth are free, and the last request is answered before it is paid for
            assertThat(elapsedMs).isGreaterThan(2_000);
            assertThat(metric(slow.metrics(), "produce-throttle-time-avg")).isPositive();
            assertThat(metric(free.metrics(), "produce-throttle-time-avg")).isZero();
        }
    }

    @Test
    void shouldHoldAProducerWithoutAcksToItsRate() {
        // given
        createTopic(broker, "t", 1);
        set(entity(USER, "ANONYMOUS"), "producer_byte_rate", 50_000.0);
        set(entity(USER, "ANONYMOUS"), "request_percentage", 10_000.0);
        try (KafkaProducer<String, String> slow = producer("slow", "0")) {
            // when
            long beganNs = System.nanoTime();
            sendBytes(slow, 300_000);
            // What is not answered is not waited for either; the next question is.
            slow.partitionsFor("other");

            // then
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
                    .isGreaterThan(1_000);
        }
    }

    @Test
    void shouldHoldAConsumerToItsRate() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaProducer<String, String> producer = producer("free", "1")) {
            sendBytes(producer, 300_000);
        }
        set(entity(USER, null, CLIENT_ID, "slow"), "consumer_byte_rate", 50_000.0);
        try (KafkaConsumer<String, String> slow = Clients.consumer(
                broker, "client.id", "slow", "enable.auto.commit", false, "max.partition.fetch.bytes", 25_000)) {
            slow.assign(List.of(partition));

            // when
            long beganNs = System.nanoTime();
            Clients.poll(slow, 30);

            // then
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
                    .isGreaterThan(2_000);
            assertThat(metric(slow.metrics(), "fetch-throttle-time-avg")).isPositive();
        }
    }

    @Test
    void shouldAnswerAtOnceAndThenNotRead() throws IOException {
        // given
        createTopic(broker, "t", 1);
        set(entity(CLIENT_ID, RAW), "producer_byte_rate", 10_000.0);
        try (RawClient client = RawClient.connect(port())) {
            // when
            long beganNs = System.nanoTime();
            client.sendBytes(RawClient.frame(ApiKeys.PRODUCE, PRODUCE_BY_NAME, 1, produce("t", 40_000)));
            ProduceResponseData answer = client.read(ApiKeys.PRODUCE, PRODUCE_BY_NAME, ProduceResponseData.class);
            client.send(ApiKeys.API_VERSIONS, 2, new ApiVersionsRequestData());
            client.read();

            // then
            assertThat(answer.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .get(0)
                            .errorCode())
                    .isEqualTo(Errors.NONE.code());
            assertThat(answer.throttleTimeMs()).isBetween(1_900, 2_300);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
                    .isGreaterThanOrEqualTo(answer.throttleTimeMs());
        }
    }

    @Test
    void shouldGiveNothingToAThrottledFetchAndKeepItForTheNext() throws IOException {
        // given: a batch larger than what two seconds allow
        createTopic(broker, "t", 1);
        try (KafkaProducer<String, String> producer = producer("free", "1")) {
            sendBytes(producer, 10_000);
        }
        set(entity(CLIENT_ID, RAW), "consumer_byte_rate", 1_000.0);
        try (RawClient client = RawClient.connect(port());
                RawClient other = RawClient.connect(port())) {
            // when
            FetchResponseData throttled = fetch(client);
            set(entity(CLIENT_ID, RAW), "consumer_byte_rate", 1_000_000.0);
            FetchResponseData next = fetch(other);

            // then
            assertThat(throttled.throttleTimeMs()).isPositive();
            assertThat(throttled.responses()).isEmpty();
            assertThat(throttled.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(next.throttleTimeMs()).isZero();
            assertThat(recordBytes(next)).isGreaterThan(10_000);
        }
    }

    @Test
    void shouldHoldRequestsToTheirShareOfTime() throws IOException {
        // given
        set(entity(CLIENT_ID, RAW), "request_percentage", 0.01);
        try (RawClient client = RawClient.connect(port())) {
            // when
            long beganNs = System.nanoTime();
            int maxThrottleMs = 0;
            for (int i = 0; i < 200 && maxThrottleMs == 0; i++) {
                client.sendBytes(RawClient.frame(ApiKeys.CREATE_TOPICS, (short) 7, i, new CreateTopicsRequestData()));
                maxThrottleMs = client.read(ApiKeys.CREATE_TOPICS, CreateTopicsResponseData.class)
                        .throttleTimeMs();
            }
            client.send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            client.read();

            // then: at most one sample at a time
            assertThat(maxThrottleMs).isBetween(1, 1_000);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
                    .isGreaterThanOrEqualTo(maxThrottleMs);
        }
    }

    @Test
    void shouldRefuseTopicsBeyondTheQuotaAndDelayOldClients() throws IOException {
        // given: one topic is more than the quota gives in fifteen seconds
        set(entity(USER, null), "controller_mutation_rate", 0.05);
        CreateTopicsOptions noRetries = new CreateTopicsOptions().retryOnQuotaViolation(false);
        try (Admin impatient = Clients.admin(broker)) {
            await(impatient
                    .createTopics(List.of(new NewTopic("first", 1, (short) 1)), noRetries)
                    .all());

            // then
            assertThatThrownBy(() -> await(impatient
                            .createTopics(List.of(new NewTopic("late", 1, (short) 1)), noRetries)
                            .all()))
                    .isInstanceOfSatisfying(
                            ThrottlingQuotaExceededException.class,
                            refusal -> assertThat(refusal.throttleTimeMs()).isBetween(1, 17_000));
        }
        try (RawClient old = RawClient.connect(port())) {
            CreateTopicsRequestData request = new CreateTopicsRequestData();
            request.topics()
                    .add(new CreatableTopic().setName("old").setNumPartitions(3).setReplicationFactor((short) 1));
            old.sendBytes(RawClient.frame(ApiKeys.CREATE_TOPICS, (short) 5, 1, request));
            CreateTopicsResponseData answer =
                    old.read(ApiKeys.CREATE_TOPICS, (short) 5, CreateTopicsResponseData.class);
            assertThat(answer.topics().find("old").errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(answer.throttleTimeMs()).isPositive();
        }
        // and when the quota allows it again
        set(entity(USER, null), "controller_mutation_rate", 1_000.0);
        await(admin.createTopics(List.of(new NewTopic("patient", 1, (short) 1))).all());
    }

    private KafkaProducer<String, String> producer(String clientId, String acks) {
        return Clients.producer(
                broker,
                "client.id",
                clientId,
                "acks",
                acks,
                "enable.idempotence",
                false,
                "batch.size",
                10_000,
                "linger.ms",
                0,
                "compression.type",
                "none");
    }

    /** Records of 10,000 bytes, each in a request of its own or nearly so; waits for them all. */
    private static void sendBytes(KafkaProducer<String, String> producer, int bytes) {
        String value = "x".repeat(10_000);
        List<Future<RecordMetadata>> sent = IntStream.range(0, bytes / value.length())
                .mapToObj(i -> producer.send(new ProducerRecord<>("t", value)))
                .toList();
        sent.forEach(Clients::await);
    }

    private static ProduceRequestData produce(String topic, int bytes) {
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[bytes]));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(5_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        return request;
    }

    private static FetchResponseData fetch(RawClient client) throws IOException {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic()
                        .setTopic("t")
                        .setPartitions(
                                List.of(new FetchPartition().setPartition(0).setPartitionMaxBytes(15_000)))));
        client.sendBytes(RawClient.frame(ApiKeys.FETCH, FETCH_BY_NAME, 1, request));
        return client.read(ApiKeys.FETCH, FETCH_BY_NAME, FetchResponseData.class);
    }

    private static int recordBytes(FetchResponseData answer) {
        return answer.responses().get(0).partitions().get(0).records().sizeInBytes();
    }

    private int port() {
        return Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(each -> each.getKey().name().equals(name))
                .mapToDouble(each -> (double) each.getValue().metricValue())
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
    }

    private void set(ClientQuotaEntity entity, String key, @Nullable Double value) {
        await(admin.alterClientQuotas(List.of(alteration(entity, key, value))).all());
    }

    private static ClientQuotaAlteration alteration(ClientQuotaEntity entity, String key, @Nullable Double value) {
        return new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)));
    }

    private Map<ClientQuotaEntity, Map<String, Double>> describe(ClientQuotaFilter filter) {
        return await(admin.describeClientQuotas(filter).entities());
    }

    private static ClientQuotaEntity entity(@Nullable String... typesAndNames) {
        Map<String, @Nullable String> names = new HashMap<>();
        for (int i = 0; i < typesAndNames.length; i += 2) {
            names.put(typesAndNames[i], typesAndNames[i + 1]);
        }
        return new ClientQuotaEntity(names);
    }
}
