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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups of Kafka's Java consumers. */
@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@EnumSource(TestBroker.Store.class)
class GroupsIT {
    private static final int PARTITIONS = 6;

    private final TestBroker.Store store;
    private TestBroker broker;
    private KafkaProducer<String, String> producer;
    private Admin admin;

    GroupsIT(TestBroker.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(store);
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

    private KafkaConsumer<String, String> member(String group, Object... properties) {
        Object[] all = new Object[properties.length + 4];
        System.arraycopy(properties, 0, all, 4, properties.length);
        all[0] = "group.id";
        all[1] = group;
        all[2] = "heartbeat.interval.ms";
        all[3] = "200";
        KafkaConsumer<String, String> consumer = consumer(broker, all);
        consumer.subscribe(List.of("t"));
        return consumer;
    }

    private void produce(int count) {
        IntStream.range(0, count).forEach(i -> send(producer, "t", "value-" + i));
    }

    @Test
    void shouldDeliverEverythingToASingleMember() {
        produce(100);
        try (KafkaConsumer<String, String> consumer = member("g")) {
            assertThat(values(poll(consumer, 100))).hasSize(100);
            assertThat(consumer.assignment()).hasSize(PARTITIONS);
        }
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommitted() {
        // given
        produce(50);
        try (KafkaConsumer<String, String> first = member("g", "enable.auto.commit", "false")) {
            poll(first, 50);
            first.commitSync();
        }

        // when
        produce(10);
        Set<String> second = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = member("g")) {
            second.addAll(values(poll(consumer, 10)));
        }

        // then
        assertThat(second).hasSize(10);
    }

    @Test
    void shouldKeepOffsetsAndGenerationsOverARestart() {
        // given
        produce(20);
        try (KafkaConsumer<String, String> consumer = member("g", "enable.auto.commit", "false")) {
            poll(consumer, 20);
            consumer.commitSync();
        }
        Map<TopicPartition, OffsetAndMetadata> before =
                await(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata());
        if (store == TestBroker.Store.MEMORY) {
            return;
        }

        // when
        broker.restart();

        // then
        try (Admin again = admin(broker)) {
            assertThat(await(again.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata()))
                    .isEqualTo(before);
            assertThat(before.values().stream()
                            .mapToLong(OffsetAndMetadata::offset)
                            .sum())
                    .isEqualTo(20);
        }
    }

    @Test
    void shouldStartTheFirstMemberWithoutDelay() {
        produce(1);
        long startNs = System.nanoTime();
        try (KafkaConsumer<String, String> consumer = member("fresh")) {
            poll(consumer, 1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(3));
    }
}
