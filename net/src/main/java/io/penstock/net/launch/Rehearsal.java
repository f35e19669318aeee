package io.penstock.net.launch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record through a running server, by Kafka's Java client over the socket: proof that producing and reading work on this machine.
 * Leaves a topic behind. Stateless; blocks.
 */
final class Rehearsal {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rehearsal.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "penstock-rehearsal";

    private Rehearsal() {}

    /** Whether the record came back as it was sent, within half a minute. */
    static boolean run(ServerAddresses addresses) {
        String bootstrap = addresses.kafka().get(0).local();
        byte[] sent = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        try {
            RecordMetadata metadata = write(bootstrap, sent);
            byte[] found = read(bootstrap, metadata);
            if (!Arrays.equals(sent, found)) {
                LOGGER.atError()
                        .addKeyValue("topic", TOPIC)
                        .addKeyValue("offset", metadata.offset())
                        .log("The record of the rehearsal did not come back as it was sent");
                return false;
            }
            LOGGER.atInfo()
                    .addKeyValue("topic", TOPIC)
                    .addKeyValue("offset", metadata.offset())
                    .log("Wrote a record and read it back");
            return true;
        } catch (ExecutionException failure) {
            LOGGER.atError().setCause(failure.getCause()).log("The record of the rehearsal was not acknowledged");
            return false;
        } catch (KafkaException failure) {
            LOGGER.atError().setCause(failure).log("The rehearsal's client failed");
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static RecordMetadata write(String bootstrap, byte[] value)
            throws ExecutionException, InterruptedException {
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrap, "delivery.timeout.ms", (int) LIMIT.toMillis(), "linger.ms", 0);
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
            return producer.send(new ProducerRecord<>(TOPIC, value)).get();
        }
    }

    /** The record's value, or nothing if it did not come in time. */
    private static byte[] read(String bootstrap, RecordMetadata written) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, bytes, bytes)) {
            TopicPartition partition = new TopicPartition(written.topic(), written.partition());
            consumer.assign(List.of(partition));
            consumer.seek(partition, written.offset());
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LIMIT)) {
                return record.value();
            }
            return new byte[0];
        }
    }
}
