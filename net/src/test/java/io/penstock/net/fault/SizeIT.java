package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a start takes and how much memory it needs, with nothing, with much data, and with many partitions. */
@Tag("slow")
class SizeIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(SizeIT.class);
    private static final int TOPICS = 100;
    private static final int PARTITIONS_EACH = 100;

    @TempDir
    Path directory;

    /** What the client's own classes cost, and a file cache without the jar, is not the broker's. */
    @BeforeEach
    void warmUp() throws Exception {
        try (BrokerProcess other = BrokerProcess.start(directory.resolve("other"))) {
            send(other, "first", 1, 10);
        }
    }

    @Test
    void shouldAcknowledgeTheFirstRecordSoonAfterAColdStart() throws Exception {
        long began = System.nanoTime();
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            send(broker, "first", 1, 10);
            report("cold start to first ack", began);
            assertThat(since(began)).isLessThan(Duration.ofMillis(1500));
        }
    }

    @Test
    void shouldStartQuicklyAfterAKillWithAGigabyteOfData() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            send(broker, "big", 1_000, 1_000_000);
            broker.kill();
            long began = System.nanoTime();
            broker.restart(Duration.ofSeconds(10));
            send(broker, "big", 1, 10);
            report("restart after kill -9 with 1 GB to first ack", began);
            assertThat(since(began)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void shouldCarryTenThousandPartitions() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            createTopics(broker);
            broker.kill();
            long began = System.nanoTime();
            broker.restart(Duration.ofSeconds(20));
            send(broker, "many-50", 1, 10);
            report("restart with 10,000 partitions to first ack", began);
            LOGGER.warn("resident with 10,000 partitions: {} MiB", broker.residentBytes() >> 20);
            assertThat(since(began)).isLessThan(Duration.ofSeconds(5));
            assertThat(broker.residentBytes()).isLessThan(1L << 30);
        }
    }

    private static void createTopics(BrokerProcess broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(IntStream.range(0, TOPICS)
                            .mapToObj(i -> new NewTopic("many-" + i, PARTITIONS_EACH, (short) 1))
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static void send(BrokerProcess broker, String topic, int records, int bytes) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "max.request.size", "2000000", "batch.size", "900000"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var last = producer.send(new ProducerRecord<>(topic, new byte[bytes]));
            for (int i = 1; i < records; i++) {
                last = producer.send(new ProducerRecord<>(topic, new byte[bytes]));
            }
            last.get(60, TimeUnit.SECONDS);
        }
    }

    private static void report(String what, long beganNs) {
        LOGGER.warn("{}: {} ms", what, since(beganNs).toMillis());
    }

    private static Duration since(long beganNs) {
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }
}
