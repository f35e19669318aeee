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

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kafka's Java consumers under the protocol in which the broker assigns partitions (KIP-848), and their way to it and back. */
@ExtendWith(AlarmExtension.class)
class ConsumerProtocolIT {
    private static final int PARTITIONS = 6;
    private static final String CONSUMER = "consumer";
    private static final String CLASSIC = "classic";

    private TestBroker broker;
    private KafkaProducer<String, String> producer;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.assignment.interval.ms", "0"));
        createTopic(broker, "t", PARTITIONS);
        producer = producer(broker);
        admin = admin(broker);
    }

    @AfterEach
    void stop() {
        admin.close();
        producer.close();
        broker.close();
    }

    private KafkaConsumer<String, String> member(String protocol) {
        KafkaConsumer<String, String> consumer = protocol.equals(CONSUMER)
                ? consumer(broker, "group.id", "g", "group.protocol", CONSUMER)
                : consumer(broker, "group.id", "g", "heartbeat.interval.ms", "100");
        consumer.subscribe(List.of("t"));
        return consumer;
    }

    private void produce(int count) {
        IntStream.range(0, count).forEach(i -> send(producer, "t", "value-" + i));
    }

    /** Polls all until each has so many partitions and they have all of them together. */
    @SafeVarargs
    private void awaitShares(int each, KafkaConsumer<String, String>... members) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            List<Integer> shares = new ArrayList<>();
            for (KafkaConsumer<String, String> member : members) {
                member.poll(Duration.ofMillis(50));
                shares.add(member.assignment().size());
            }
            if (shares.stream().allMatch(share -> share == each)) {
                return;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("expected " + each + " partitions each, found " + shares);
            }
        }
    }

    private ConsumerGroupDescription described() {
        return await(
                admin.describeConsumerGroups(List.of("g")).describedGroups().get("g"));
    }

    @Test
    void shouldDeliverEverythingToASingleMember() {
        produce(100);
        try (KafkaConsumer<String, String> consumer = member(CONSUMER)) {
            assertThat(values(poll(consumer, 100))).hasSize(100);
            assertThat(consumer.assignment()).hasSize(PARTITIONS);
            consumer.commitSync();
            assertThat(described().type()).isEqualTo(GroupType.CONSUMER);
            assertThat(described().groupState()).isEqualTo(GroupState.STABLE);
        }
    }

    @Test
    void shouldShareThePartitionsOutAnewWhenMembersComeAndGo() {
        try (KafkaConsumer<String, String> first = member(CONSUMER);
                KafkaConsumer<String, String> second = member(CONSUMER)) {
            awaitShares(PARTITIONS / 2, first, second);
            try (KafkaConsumer<String, String> third = member(CONSUMER)) {
                awaitShares(PARTITIONS / 3, first, second, third);
            }
            awaitShares(PARTITIONS / 2, first, second);
        }
    }

    @Test
    void shouldReadTheTopicsThatMatchAPattern() {
        createTopic(broker, "orders-1", 1);
        produce(3);
        send(producer, "orders-1", "order");
        try (KafkaConsumer<String, String> consumer = consumer(broker, "group.id", "g", "group.protocol", CONSUMER)) {
            consumer.subscribe(new SubscriptionPattern("orders-.*"));

            assertThat(values(poll(consumer, 1))).containsExactly("order");
            assertThat(consumer.assignment()).containsExactly(new TopicPartition("orders-1", 0));
        }
    }

    @Test
    void shouldMoveAGroupToTheConsumerProtocolAndBackWhileItIsInUse() {
        try (KafkaConsumer<String, String> classic = member(CLASSIC)) {
            // given
            awaitShares(PARTITIONS, classic);
            assertThat(described().type()).isEqualTo(GroupType.CLASSIC);

            // when
            try (KafkaConsumer<String, String> consumer = member(CONSUMER)) {
                awaitShares(PARTITIONS / 2, classic, consumer);

                // then
                assertThat(described().type()).isEqualTo(GroupType.CONSUMER);
            }
            awaitShares(PARTITIONS, classic);
            assertThat(described().type()).isEqualTo(GroupType.CLASSIC);
        }
    }
}
