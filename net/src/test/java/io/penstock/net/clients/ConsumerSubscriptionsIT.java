package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions that change while a member of a group reads, under either protocol. */
@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@ValueSource(strings = {"classic", "consumer"})
class ConsumerSubscriptionsIT {
    private final String protocol;
    private TestBroker broker;
    private KafkaConsumer<String, String> consumer;

    ConsumerSubscriptionsIT(String protocol) {
        this.protocol = protocol;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.assignment.interval.ms", "0"));
        createTopic(broker, "a-1", 1);
        createTopic(broker, "a-2", 1);
        createTopic(broker, "b-1", 1);
        consumer = consumer(
                broker,
                "group.id",
                "g",
                "group.protocol",
                protocol,
                "metadata.max.age.ms",
                "200",
                "allow.auto.create.topics",
                "false");
    }

    @AfterEach
    void stop() {
        consumer.close();
        broker.close();
    }

    private void awaitTopics(String... expected) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!topics().equals(Set.of(expected))) {
            assertThat(System.nanoTime() - deadlineNs)
                    .as(() -> "expected " + List.of(expected) + ", found " + topics())
                    .isNegative();
            consumer.poll(Duration.ofMillis(50));
        }
    }

    private Set<String> topics() {
        return consumer.assignment().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    @Test
    void shouldFollowListsThatGrowShrinkAndEnd() {
        consumer.subscribe(List.of("a-1"));
        awaitTopics("a-1");
        consumer.subscribe(List.of("a-1", "b-1"));
        awaitTopics("a-1", "b-1");
        consumer.subscribe(List.of("b-1"));
        awaitTopics("b-1");
        consumer.unsubscribe();
        assertThat(topics()).isEmpty();
        consumer.subscribe(List.of("a-2"));
        awaitTopics("a-2");
    }

    @Test
    void shouldFollowPatternsThatTheClientMatches() {
        consumer.subscribe(Pattern.compile("a-.*"));
        awaitTopics("a-1", "a-2");
        createTopic(broker, "a-3", 1);
        awaitTopics("a-1", "a-2", "a-3");
        consumer.subscribe(Pattern.compile("b-.*"));
        awaitTopics("b-1");
    }

    @Test
    void shouldGiveATopicOnceItIsThere() {
        consumer.subscribe(List.of("a-1", "later"));
        awaitTopics("a-1");
        createTopic(broker, "later", 1);
        awaitTopics("a-1", "later");
    }
}
