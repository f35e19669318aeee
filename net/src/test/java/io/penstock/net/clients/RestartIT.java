package io.penstock.net.clients;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
class RestartIT {
    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = TestBroker.start(TestBroker.Store.CHRONICLE);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private List<String> write(String topic, int from, int to) {
        List<String> values = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(broker)) {
            for (int i = from; i < to; i++) {
                values.add("value-" + i);
                assertThat(send(producer, topic, "value-" + i).offset()).isEqualTo(i);
            }
        }
        return values;
    }

    @Test
    void shouldGoOnWhereItStopped() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        List<String> values = write("t", 0, 100);

        // when
        broker.restart();
        values.addAll(write("t", 100, 150));

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            assertThat(values(poll(consumer, 150))).isEqualTo(values);
        }
    }

    @Test
    void shouldKeepTopicsTheirIdsAndConfigurations() {
        // given
        createTopic(broker, "t", 3);
        Uuid id;
        try (Admin admin = Clients.admin(broker)) {
            id = idOf(admin);
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "t");
            Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                    resource,
                    List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "4711"), AlterConfigOp.OpType.SET)));
            await(admin.incrementalAlterConfigs(change).all());
        }

        // when
        broker.restart();

        // then
        try (Admin admin = Clients.admin(broker)) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "t");
            assertThat(idOf(admin)).isEqualTo(id);
            assertThat(await(admin.describeConfigs(List.of(resource)).values().get(resource))
                            .get("retention.ms")
                            .value())
                    .isEqualTo("4711");
        }
    }

    private static Uuid idOf(Admin admin) {
        return await(admin.describeTopics(List.of("t")).topicNameValues().get("t"))
                .topicId();
    }

    @Test
    void shouldKeepTheBeginningThatDeletionHasMoved() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        write("t", 0, 10);
        try (Admin admin = Clients.admin(broker)) {
            await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(7)))
                    .all());
        }

        // when
        broker.restart();

        // then
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 7L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 10L);
        }
    }

    @Test
    void shouldForgetDeletedTopicsForGood() {
        // given
        createTopic(broker, "t", 2);
        write("t", 0, 1);
        try (Admin admin = Clients.admin(broker)) {
            await(admin.deleteTopics(List.of("t")).all());
        }

        // when
        broker.restart();

        // then
        TopicPartition partition = createTopic(broker, "t", 1);
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 0L);
        }
    }
}
