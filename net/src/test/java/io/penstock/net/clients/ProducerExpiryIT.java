package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.producer;
import static io.penstock.net.clients.Clients.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What partitions remember of idempotent producers that have nothing to say any more. */
@ExtendWith(AlarmExtension.class)
class ProducerExpiryIT {
    private final TestBroker broker = TestBroker.start(
            Store.MEMORY,
            Map.of("producer.id.expiration.ms", "2000", "producer.id.expiration.check.interval.ms", "500"));

    @AfterEach
    void stop() {
        broker.close();
    }

    private static int producers(Admin admin, TopicPartition partition) {
        return await(admin.describeProducers(List.of(partition)).all(), partition)
                .activeProducers()
                .size();
    }

    @Test
    void shouldForgetAnIdleProducerAtTheNextLookAndKnowItAgainWhenItWrites() {
        // given
        TopicPartition partition = createTopic(broker, "t", 1);
        try (Admin admin = Clients.admin(broker);
                KafkaProducer<String, String> producer = producer(broker)) {
            send(producer, "t", "first");
            assertThat(producers(admin, partition)).isEqualTo(1);

            // when
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (producers(admin, partition) > 0) {
                assertThat(System.nanoTime() - deadlineNs).isNegative();
            }

            // then
            assertThat(send(producer, "t", "second").offset()).isEqualTo(1);
            assertThat(producers(admin, partition)).isEqualTo(1);
        }
    }
}
