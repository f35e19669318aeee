package io.penstock.net.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.fixture.LauncherJar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kafka Streams under exactly-once, its instances and the broker killed: each word is counted 1, 2, 3 … without a gap or a repetition, and
 * each pair is joined once.
 */
@Tag("long")
class StreamsKillIT {
    private static final int PARTITIONS = 2;
    private static final String[] VOCABULARY = {"water", "pressure", "pipe", "gate", "turbine", "valve", "head"};
    private static final Duration START_LIMIT = Duration.ofSeconds(15);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Map<String, Long> written = new TreeMap<>();
    private int pairs;

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void shouldCountAndJoinOnceThroughSomeKills(String protocol) throws Exception {
        count(protocol, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    @Tag("slow")
    void shouldCountAndJoinOnceThroughMinutesOfKills(String protocol) throws Exception {
        count(protocol, 30);
    }

    private void count(String protocol, int kills) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                directory.resolve("data"),
                "group.min.session.timeout.ms=1000",
                "group.streams.min.session.timeout.ms=1000",
                "group.streams.session.timeout.ms=2000",
                "group.streams.min.heartbeat.interval.ms=100",
                "group.streams.heartbeat.interval.ms=300")) {
            createTopics(broker.bootstrap());
            List<Process> instances = new ArrayList<>();
            try (KafkaProducer<String, String> producer = producer(broker.bootstrap());
                    KafkaConsumer<String, String> reader = reader(broker.bootstrap())) {
                Map<String, List<Long>> counts = new TreeMap<>();
                Map<String, Integer> joined = new HashMap<>();
                instances.add(launch(broker, protocol, 0));
                instances.add(launch(broker, protocol, 1));
                for (int kill = 0; kill < kills; kill++) {
                    write(producer, 100);
                    read(reader, counts, joined);
                    int any = random.nextInt(3);
                    if (any == 2) {
                        broker.kill();
                        broker.restart(START_LIMIT);
                    } else {
                        instances.get(any).destroyForcibly().waitFor();
                        instances.set(any, launch(broker, protocol, any));
                    }
                    write(producer, 100);
                }
                producer.flush();
                read(reader, counts, joined);
                reader.poll(Duration.ofMillis(500))
                        .forEach(record -> take(record.topic(), record.key(), record.value(), counts, joined));

                written.forEach((word, times) -> assertThat(counts.get(word))
                        .as("counts of %s, seed %d", word, seed)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, times).boxed().toList()));
                assertThat(joined.values()).as("seed %d", seed).hasSize(pairs).allMatch(times -> times == 1);
            } finally {
                for (Process instance : instances) {
                    instance.destroyForcibly().waitFor();
                }
            }
        }
    }

    private static void createTopics(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(Stream.of(
                                    StreamsApplication.LINES,
                                    StreamsApplication.COUNTS,
                                    StreamsApplication.LEFT,
                                    StreamsApplication.RIGHT,
                                    StreamsApplication.JOINED)
                            .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private Process launch(BrokerProcess broker, String protocol, int instance) throws IOException {
        return new ProcessBuilder(
                        LauncherJar.ownJava().toString(),
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamsApplication.class.getName(),
                        broker.bootstrap(),
                        directory.resolve("state-" + instance).toString(),
                        protocol)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(Path.of("target", "streams-" + protocol + instance + ".log")
                                .toFile()))
                .start();
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", 200),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> reader(String bootstrap) {
        KafkaConsumer<String, String> reader = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "reconnect.backoff.max.ms",
                        200),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = Stream.of(StreamsApplication.COUNTS, StreamsApplication.JOINED)
                .flatMap(topic -> Stream.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is missing is found in the end
    private void write(KafkaProducer<String, String> producer, int lines) {
        for (int i = 0; i < lines; i++) {
            String one = VOCABULARY[random.nextInt(VOCABULARY.length)];
            String other = VOCABULARY[random.nextInt(VOCABULARY.length)];
            written.merge(one, 1L, Long::sum);
            written.merge(other, 1L, Long::sum);
            producer.send(new ProducerRecord<>(StreamsApplication.LINES, null, one + " " + other));
            String pair = "pair-" + pairs++;
            producer.send(new ProducerRecord<>(StreamsApplication.LEFT, pair, "l"));
            producer.send(new ProducerRecord<>(StreamsApplication.RIGHT, pair, "r"));
        }
    }

    /** Reads until as much has come out as was written, so that each kill finds a running application; more is a flaw found later. */
    private void read(
            KafkaConsumer<String, String> reader, Map<String, List<Long>> counts, Map<String, Integer> joined) {
        long deadlineNs = System.nanoTime() + DRAIN_LIMIT.toNanos();
        long words = written.values().stream().mapToLong(Long::longValue).sum();
        while (counts.values().stream().mapToLong(List::size).sum() < words || joined.size() < pairs) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError(
                        "within " + DRAIN_LIMIT + " only " + joined.size() + " of " + pairs + " pairs, and counts "
                                + counts.values().stream().map(List::size).toList() + " of " + written);
            }
            reader.poll(Duration.ofMillis(100))
                    .forEach(record -> take(record.topic(), record.key(), record.value(), counts, joined));
        }
    }

    private static void take(
            String topic, String key, String value, Map<String, List<Long>> counts, Map<String, Integer> joined) {
        if (topic.equals(StreamsApplication.COUNTS)) {
            counts.computeIfAbsent(key, word -> new ArrayList<>()).add(Long.parseLong(value));
        } else {
            joined.merge(key, 1, Integer::sum);
        }
    }
}
