package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.fixture.LauncherJar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code TransactionalMessageCopier}, the worker of Kafka's own system tests of transactions. */
@Tag("long")
class TransactionalCopierIT {
    private static final String SOURCE = "copied";
    private static final String TARGET = "copies";
    private static final int COUNT = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(80);

    @TempDir
    Path directory;

    @Test
    void shouldCopyEachRecordOnceThroughAbortsAndAKill() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            prepare(broker.bootstrap());
            try (BackgroundProgram first = copier(broker, 0);
                    BackgroundProgram second = copier(broker, 1);
                    KafkaConsumer<String, String> reader = reader(broker.bootstrap())) {
                List<String> values = new ArrayList<>();
                read(reader, values, COUNT / 10, first, second);
                broker.kill();
                broker.restart(Duration.ofSeconds(15));
                read(reader, values, 2 * COUNT, first, second);
                reader.poll(Duration.ofMillis(300)).forEach(record -> values.add(record.value()));

                assertThat(values.stream().sorted(Comparator.naturalOrder()))
                        .containsExactlyElementsOf(IntStream.range(0, 2 * COUNT)
                                .mapToObj(TransactionalCopierIT::text)
                                .toList());
            }
        }
    }

    private static String text(int number) {
        return String.format("%05d", number);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is missing is found in the end
    private static void prepare(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(SOURCE, 2, (short) 1), new NewTopic(TARGET, 2, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 2 * COUNT; i++) {
                producer.send(new ProducerRecord<>(SOURCE, i % 2, null, text(i)));
            }
        }
    }

    private static BackgroundProgram copier(BrokerProcess broker, int partition) throws IOException {
        return BackgroundProgram.start(
                LauncherJar.ownJava().toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Path.of("target").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.kafka.tools.TransactionalMessageCopier",
                "--broker-list",
                broker.bootstrap(),
                "--input-topic",
                SOURCE,
                "--input-partition",
                Integer.toString(partition),
                "--output-topic",
                TARGET,
                "--max-messages",
                Integer.toString(COUNT),
                "--consumer-group",
                "copiers",
                "--transaction-size",
                "50",
                "--transactional-id",
                "copier-" + partition,
                "--enable-random-aborts",
                "--use-group-metadata");
    }

    private static KafkaConsumer<String, String> reader(String bootstrap) {
        KafkaConsumer<String, String> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = List.of(new TopicPartition(TARGET, 0), new TopicPartition(TARGET, 1));
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    private static void read(
            KafkaConsumer<String, String> reader, List<String> values, int count, BackgroundProgram... copiers) {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (values.size() < count) {
            if (System.nanoTime() > deadlineNs) {
                StringBuilder said = new StringBuilder();
                for (BackgroundProgram copier : copiers) {
                    said.append('\n').append(String.join("\n", copier.lines()));
                }
                throw new AssertionError("only " + values.size() + " of " + count + " within " + LIMIT + said);
            }
            reader.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
        }
    }
}
