package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.poll;
import static io.penstock.net.clients.Clients.producer;
import static io.penstock.net.clients.Clients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's Java consumers commit, and find again, under either protocol. */
@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@ValueSource(strings = {"classic", "consumer"})
class ConsumerCommitsIT {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private final String protocol;
    private TestBroker broker;

    ConsumerCommitsIT(String protocol) {
        this.protocol = protocol;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.assignment.interval.ms", "0"));
        createTopic(broker, "t", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private KafkaConsumer<String, String> member(boolean isAutoCommitting) {
        return consumer(
                broker,
                "group.id",
                "g",
                "group.protocol",
                protocol,
                "enable.auto.commit",
                Boolean.toString(isAutoCommitting),
                "auto.commit.interval.ms",
                "3600000");
    }

    private static @Nullable OffsetAndMetadata committed(
            KafkaConsumer<String, String> consumer, TopicPartition partition) {
        return consumer.committed(Set.of(partition)).get(partition);
    }

    private static void awaitAssignment(KafkaConsumer<String, String> consumer, Set<TopicPartition> expected) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!consumer.assignment().equals(expected)) {
            assertThat(System.nanoTime() - deadlineNs)
                    .as("expected %s, found %s", expected, consumer.assignment())
                    .isNegative();
            consumer.poll(Duration.ofMillis(50));
        }
    }

    private void checkCommitted(long first, long second) {
        try (KafkaConsumer<String, String> other = member(false)) {
            assertThat(committed(other, FIRST)).isEqualTo(new OffsetAndMetadata(first));
            assertThat(committed(other, SECOND)).isEqualTo(new OffsetAndMetadata(second));
        }
    }

    @Test
    void shouldCommitPositionsOnClose() {
        try (KafkaConsumer<String, String> consumer = member(true)) {
            consumer.subscribe(List.of("t"));
            awaitAssignment(consumer, Set.of(FIRST, SECOND));
            consumer.seek(FIRST, 300);
            consumer.seek(SECOND, 500);
        }
        checkCommitted(300, 500);
    }

    @Test
    void shouldCommitPositionsOnCloseAfterWakeup() {
        try (KafkaConsumer<String, String> consumer = member(true)) {
            consumer.subscribe(List.of("t"));
            awaitAssignment(consumer, Set.of(FIRST, SECOND));
            consumer.seek(FIRST, 30);
            consumer.seek(SECOND, 50);
            consumer.wakeup();
        }
        checkCommitted(30, 50);
    }

    @Test
    void shouldCommitPositionsBeforeARebalance() {
        // given
        createTopic(broker, "u", 1);
        try (KafkaConsumer<String, String> consumer = member(true)) {
            ConsumerRebalanceListener pausing = new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    consumer.pause(partitions);
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
            };
            consumer.subscribe(List.of("t"), pausing);
            awaitAssignment(consumer, Set.of(FIRST, SECOND));
            consumer.seek(FIRST, 300);
            consumer.seek(SECOND, 500);

            // when
            consumer.subscribe(List.of("t", "u"), pausing);
            awaitAssignment(consumer, Set.of(FIRST, SECOND, new TopicPartition("u", 0)));

            // then
            assertThat(committed(consumer, FIRST)).isEqualTo(new OffsetAndMetadata(300));
            assertThat(committed(consumer, SECOND)).isEqualTo(new OffsetAndMetadata(500));
        }
    }

    @Test
    void shouldKeepMetadataAndLeaderEpochOfCommits() {
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.assign(List.of(FIRST));
            for (OffsetAndMetadata offset : List.of(
                    new OffsetAndMetadata(5, Optional.of(15), "foo"),
                    new OffsetAndMetadata(10, "größe"),
                    new OffsetAndMetadata(6, Optional.empty(), null))) {
                consumer.commitSync(Map.of(FIRST, offset));
                assertThat(committed(consumer, FIRST)).isEqualTo(offset);
            }
        }
    }

    @Test
    void shouldKeepTheLastOfManyAsyncCommits() {
        AtomicInteger done = new AtomicInteger();
        Set<Exception> failures = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.assign(List.of(FIRST));
            for (int offset = 1; offset <= 5; offset++) {
                consumer.commitAsync(Map.of(FIRST, new OffsetAndMetadata(offset)), (offsets, failure) -> {
                    done.incrementAndGet();
                    if (failure != null) {
                        failures.add(failure);
                    }
                });
            }
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (done.get() < 5 && System.nanoTime() - deadlineNs < 0) {
                consumer.poll(Duration.ofMillis(50));
            }
            assertThat(failures).isEmpty();
            assertThat(done).hasValue(5);
            assertThat(committed(consumer, FIRST)).isEqualTo(new OffsetAndMetadata(5));
        }
    }

    @Test
    void shouldCommitOnlyWhatIsSpecified() {
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.assign(List.of(FIRST, SECOND));
            assertThat(committed(consumer, FIRST)).isNull();
            assertThat(consumer.position(FIRST)).isZero();

            consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)));

            assertThat(committed(consumer, FIRST)).isEqualTo(new OffsetAndMetadata(3));
            assertThat(committed(consumer, SECOND)).isNull();
            assertThat(consumer.position(FIRST)).isZero();
        }
    }

    @Test
    void shouldCommitAsAMember() {
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.subscribe(List.of("t"));
            awaitAssignment(consumer, Set.of(FIRST, SECOND));
            consumer.seek(FIRST, 7);
            consumer.commitSync();
            assertThat(committed(consumer, FIRST)).isEqualTo(new OffsetAndMetadata(7));
        }
    }

    @Test
    void shouldNotLetOutsidersCommitWhileTheGroupHasMembers() {
        try (KafkaConsumer<String, String> member = member(false);
                KafkaConsumer<String, String> outsider = member(false)) {
            member.subscribe(List.of("t"));
            awaitAssignment(member, Set.of(FIRST, SECOND));
            outsider.assign(List.of(FIRST));

            assertThatThrownBy(() -> outsider.commitSync(Map.of(FIRST, new OffsetAndMetadata(1))))
                    .isInstanceOf(org.apache.kafka.common.KafkaException.class);
        }
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommittedAfterARestart() {
        // given
        try (KafkaProducer<String, String> producer = producer(broker)) {
            for (int i = 0; i < 20; i++) {
                send(producer, "t", "before");
            }
        }
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.subscribe(List.of("t"));
            poll(consumer, 20);
            consumer.commitSync();
        }

        // when
        broker.restart();
        try (KafkaProducer<String, String> producer = producer(broker)) {
            send(producer, "t", "after");
        }

        // then
        try (KafkaConsumer<String, String> consumer = member(false)) {
            consumer.subscribe(List.of("t"));
            assertThat(Clients.values(poll(consumer, 1))).containsExactly("after");
        }
    }
}
