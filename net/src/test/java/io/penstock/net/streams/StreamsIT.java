package io.penstock.net.streams;

import static io.penstock.net.clients.Clients.admin;
import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.producer;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka Streams, with groups of both protocols. */
@ExtendWith(AlarmExtension.class)
@Tag("long")
class StreamsIT {
    private static final int TIMEOUT_S = 40;

    private TestBroker broker;
    private Admin admin;
    private KafkaProducer<String, String> producer;
    private final Map<String, Long> counted = new HashMap<>();
    private KafkaConsumer<String, Long> counts;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.streams.min.heartbeat.interval.ms", "100",
                        "group.streams.heartbeat.interval.ms", "100",
                        "group.streams.initial.rebalance.delay.ms", "0",
                        "group.streams.assignment.interval.ms", "0"));
        createTopic(broker, "lines", 3);
        createTopic(broker, "counts", 1);
        admin = admin(broker);
        producer = producer(broker);
        counts = new KafkaConsumer<>(
                broker.client("isolation.level", "read_committed"), new StringDeserializer(), new LongDeserializer());
        List<TopicPartition> all = List.of(new TopicPartition("counts", 0));
        counts.assign(all);
        counts.seekToBeginning(all);
    }

    @AfterEach
    void stop() {
        counts.close();
        producer.close();
        admin.close();
        broker.close();
    }

    private void say(String... lines) {
        for (String line : lines) {
            Clients.send(producer, "lines", line);
        }
    }

    private void awaitCounts(Map<String, Long> expected) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (!counted.equals(expected)) {
            assertThat(System.nanoTime() - deadlineNs)
                    .as("expected %s, found %s", expected, counted)
                    .isNegative();
            counts.poll(Duration.ofMillis(50)).forEach(record -> counted.put(record.key(), record.value()));
        }
    }

    private Map<String, String> configs(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = await(admin.describeConfigs(List.of(resource)).all(), resource);
        Map<String, String> values = new HashMap<>();
        config.entries().forEach(entry -> values.put(entry.name(), entry.value()));
        return values;
    }

    private int partitions(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames(), topic)
                .partitions()
                .size();
    }

    @ParameterizedTest
    @CsvSource({
        "classic, at_least_once",
        "classic, exactly_once_v2",
        "streams, at_least_once",
        "streams, exactly_once_v2"
    })
    void shouldCountWords(String protocol, String guarantee) {
        // given
        say("a b", "b c", "c c");

        // when
        try (WordCount instance = new WordCount(broker, protocol, "processing.guarantee", guarantee).awaitRunning(6)) {

            // then
            awaitCounts(WordCount.counts("a", 1, "b", 2, "c", 3));
            assertThat(instance.activeTasks()).containsExactly("0_0", "0_1", "0_2", "1_0", "1_1", "1_2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void shouldMakeInternalTopicsAsTheApplicationWants(String protocol) {
        // when
        try (WordCount instance = new WordCount(broker, protocol).awaitRunning(6)) {

            // then
            assertThat(partitions(WordCount.REPARTITION)).isEqualTo(3);
            assertThat(partitions(WordCount.CHANGELOG)).isEqualTo(3);
            assertThat(configs(WordCount.CHANGELOG))
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("message.timestamp.type", "CreateTime");
            assertThat(configs(WordCount.REPARTITION))
                    .containsEntry("cleanup.policy", "delete")
                    .containsEntry("retention.ms", "-1")
                    .containsEntry("segment.bytes", "52428800");
            assertThat(instance.streams().state().isRunningOrRebalancing()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void shouldPurgeRepartitionTopics(String protocol) {
        // given
        say("a b", "b c");

        // when
        try (WordCount instance = new WordCount(broker, protocol, "repartition.purge.interval.ms", 100)) {
            awaitCounts(WordCount.counts("a", 1, "b", 2, "c", 1));
            say("d");
            awaitCounts(WordCount.counts("a", 1, "b", 2, "c", 1, "d", 1));

            // then
            instance.await(() -> startOffsets() >= 4);
        }
    }

    /** Records of the repartition topic that are gone. */
    private long startOffsets() {
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        for (int partition = 0; partition < 3; partition++) {
            earliest.put(new TopicPartition(WordCount.REPARTITION, partition), OffsetSpec.earliest());
        }
        return await(admin.listOffsets(earliest).all()).values().stream()
                .mapToLong(result -> result.offset())
                .sum();
    }

    @ParameterizedTest
    @CsvSource({
        "classic, at_least_once",
        "classic, exactly_once_v2",
        "streams, at_least_once",
        "streams, exactly_once_v2"
    })
    void shouldShareTasksAndTakeThemOverWithTheirState(String protocol, String guarantee) {
        // given
        say("a b", "b c", "c c");
        List<String> all = List.of("0_0", "0_1", "0_2", "1_0", "1_1", "1_2");
        WordCount first = new WordCount(broker, protocol, "processing.guarantee", guarantee).awaitRunning(6);
        awaitCounts(WordCount.counts("a", 1, "b", 2, "c", 3));
        try (WordCount second = new WordCount(broker, protocol, "processing.guarantee", guarantee)) {

            // when
            second.awaitRunning(3);
            first.awaitRunning(3);
            List<String> shared = new ArrayList<>(first.activeTasks());
            shared.addAll(second.activeTasks());

            // then
            assertThat(shared).containsExactlyInAnyOrderElementsOf(all);
            say("a", "b", "c");
            awaitCounts(WordCount.counts("a", 2, "b", 3, "c", 4));

            // when
            first.close();
            second.awaitRunning(6);

            // then
            assertThat(second.activeTasks()).containsExactlyElementsOf(all);
            say("a", "b", "c");
            awaitCounts(WordCount.counts("a", 3, "b", 4, "c", 5));
        }
    }

    @Test
    void shouldKeepCopiesOfStateInOtherInstances() {
        // given
        setOfGroup("streams.num.standby.replicas", "1");
        say("a b", "b c", "c c");

        // when
        try (WordCount first = new WordCount(broker, "streams").awaitRunning(6);
                WordCount second = new WordCount(broker, "streams").awaitRunning(3)) {
            first.awaitRunning(3);

            // then: each has a copy of what the other counts
            first.await(() -> first.standbyTasks().equals(counting(second)));
            second.await(() -> second.standbyTasks().equals(counting(first)));
            awaitCounts(WordCount.counts("a", 1, "b", 2, "c", 3));
        }
    }

    private static List<String> counting(WordCount instance) {
        return instance.activeTasks().stream()
                .filter(task -> task.startsWith("1_"))
                .toList();
    }

    private void setOfGroup(String key, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, WordCount.APPLICATION);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        await(admin.incrementalAlterConfigs(Map.of(resource, List.of(set)))
                .all()
                .thenApply(done -> true));
    }

    @Test
    void shouldDescribeTheGroupToAdministrators() {
        // given
        say("a b");
        try (WordCount instance = new WordCount(broker, "streams").awaitRunning(6)) {
            awaitCounts(WordCount.counts("a", 1, "b", 1));

            // when
            StreamsGroupDescription group = await(
                    admin.describeStreamsGroups(List.of(WordCount.APPLICATION)).all(), WordCount.APPLICATION);

            // then
            assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(group.members()).hasSize(1);
            assertThat(group.subtopologies()).hasSize(2);
            assertThat(instance.activeTasks()).hasSize(6);
        }
    }
}
