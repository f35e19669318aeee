package io.penstock.net.clients;

import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Shorthands for Kafka's Java clients with text keys and values. */
public final class Clients {
    private static final int TIMEOUT_S = 20;

    private Clients() {}

    public static KafkaProducer<String, String> producer(TestBroker broker, Object... properties) {
        return new KafkaProducer<>(broker.client(properties), new StringSerializer(), new StringSerializer());
    }

    /** A consumer without group that starts at the beginning. */
    public static KafkaConsumer<String, String> consumer(TestBroker broker, Object... properties) {
        Map<String, Object> all = broker.client(properties);
        all.putIfAbsent("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    public static Admin admin(TestBroker broker) {
        return Admin.create(broker.client());
    }

    public static TopicPartition createTopic(TestBroker broker, String name, int partitions) {
        try (Admin admin = admin(broker)) {
            await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all());
        }
        return new TopicPartition(name, 0);
    }

    /** Waits for the ack. */
    public static RecordMetadata send(KafkaProducer<String, String> producer, String topic, String value) {
        return await(producer.send(new ProducerRecord<>(topic, value)));
    }

    /** Polls until so many records have come; fails when they do not. */
    public static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (records.size() < count) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("expected " + count + " records, found " + records.size());
            }
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    public static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }

    /** Waits for answers by key and gives that of one key, which must be there. */
    public static <K, V> V await(Future<Map<K, V>> answers, K key) {
        return Objects.requireNonNull(await(answers).get(key), "no answer for " + key);
    }

    /** The result; the cause itself if it failed. */
    public static <T> T await(@Nullable Future<T> future) {
        try {
            return Objects.requireNonNull(future).get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new IllegalStateException("no result within " + TIMEOUT_S + " s", e);
        }
    }
}
