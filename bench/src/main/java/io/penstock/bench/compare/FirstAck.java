package io.penstock.bench.compare;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The moment at which a broker that has just started acknowledges its first record. Stateless. */
final class FirstAck {
    private FirstAck() {}

    static void await(InetSocketAddress broker, String topic) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.getHostString() + ":" + broker.getPort(),
                        "acks",
                        "1",
                        "enable.idempotence",
                        false),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[100])).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the first record was refused", e.getCause());
        }
    }
}
