package io.penstock.net.compaction;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * A topic of one partition on a broker that compacts at once, with clients of its own. Its segments are small and roll when they are
 * {@link #SEGMENT_MS} old, so that everything written is soon compacted if the settings allow it. Used by one test.
 */
final class CompactedTopic implements AutoCloseable {
    static final int SEGMENT_MS = 50;
    private static final int TIMEOUT_S = 20;
    /** Like {@code segment.bytes}, but may be smaller. */
    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("internal.segment.bytes", "16384", "segment.ms", Integer.toString(SEGMENT_MS));

    private final TestBroker broker;
    private final TopicPartition partition;
    private final Admin admin;
    private final KafkaConsumer<String, String> reader;

    /** Starts a broker whose cleaner looks as often as it can. */
    static TestBroker eagerBroker() {
        return TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "log.cleaner.backoff.ms", "0",
                        "log.retention.check.interval.ms", "200",
                        "log.segment.delete.delay.ms", "0",
                        "offsets.topic.num.partitions", "1"));
    }

    /** Creates the topic with small segments and some settings as key, value, key, value. */
    CompactedTopic(TestBroker broker, String name, String... settings) {
        this.broker = broker;
        this.partition = new TopicPartition(name, 0);
        this.admin = Clients.admin(broker);
        Map<String, String> config = new HashMap<>(SMALL_SEGMENTS);
        config.put("cleanup.policy", "compact");
        config.put("min.cleanable.dirty.ratio", "0");
        config.putAll(pairs(settings));
        Clients.await(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(config)))
                .all());
        // A fetch ahead that waits at the end of the log would hold up what is asked on the same connection.
        this.reader = Clients.consumer(broker, "auto.offset.reset", "none", "fetch.max.wait.ms", 1);
        reader.assign(List.of(partition));
    }

    TopicPartition partition() {
        return partition;
    }

    KafkaProducer<String, String> producer(Object... properties) {
        return Clients.producer(broker, properties);
    }

    ProducerRecord<String, String> record(@Nullable String key, @Nullable String value) {
        return new ProducerRecord<>(partition.topic(), key, value);
    }

    /** Sends records one after another as key, value, key, value, and waits for the acks. */
    List<RecordMetadata> put(@Nullable String... records) {
        try (KafkaProducer<String, String> producer = producer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < records.length; i += 2) {
                sent.add(producer.send(record(records[i], records[i + 1])));
            }
            return sent.stream()
                    .map(future -> Clients.<RecordMetadata>await(future))
                    .toList();
        }
    }

    /** Changes settings of the topic, as key, value, key, value. */
    void alter(String... settings) {
        List<AlterConfigOp> changes = new ArrayList<>();
        pairs(settings)
                .forEach((key, value) ->
                        changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        Map<ConfigResource, Collection<AlterConfigOp>> change =
                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, partition.topic()), changes);
        Clients.await(admin.incrementalAlterConfigs(change).all());
    }

    long beginningOffset() {
        return Objects.requireNonNull(
                reader.beginningOffsets(List.of(partition)).get(partition));
    }

    long endOffset() {
        return Objects.requireNonNull(reader.endOffsets(List.of(partition)).get(partition));
    }

    /** Bytes of the partition, as DescribeLogDirs tells them. */
    long sizeBytes() {
        return sizeBytes(admin, partition);
    }

    /** As above, of any partition. */
    static long sizeBytes(Admin admin, TopicPartition partition) {
        List<Integer> brokers = Clients.await(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .toList();
        return Clients.await(admin.describeLogDirs(brokers).allDescriptions()).values().stream()
                .flatMap(directories -> directories.values().stream())
                .map(directory -> directory.replicaInfos().get(partition))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .size();
    }

    /** Everything from the start to the end as of now. */
    List<ConsumerRecord<String, String>> readAll() {
        return readFrom(beginningOffset());
    }

    /** Everything from an offset, which may be in a gap, to the end as of now. */
    List<ConsumerRecord<String, String>> readFrom(long offset) {
        long end = endOffset();
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        reader.seek(partition, offset);
        long beganNs = System.nanoTime();
        while (reader.position(partition) < end) {
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(TIMEOUT_S)) {
                throw new AssertionError("expected to get to " + end + ", am at " + reader.position(partition));
            }
            reader.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    KafkaConsumer<String, String> reader() {
        return reader;
    }

    /** Reads until what is there is as wanted, and gives it. */
    List<ConsumerRecord<String, String>> await(Predicate<List<ConsumerRecord<String, String>>> wanted) {
        long beganNs = System.nanoTime();
        List<ConsumerRecord<String, String>> records = readAll();
        while (!wanted.test(records)) {
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(TIMEOUT_S)) {
                throw new AssertionError("not compacted as expected: " + text(records));
            }
            records = readAll();
        }
        return records;
    }

    /** Waits until each key is there but once. */
    List<ConsumerRecord<String, String>> awaitOneOfEachKey() {
        return await(
                records -> records.stream().map(ConsumerRecord::key).distinct().count() == records.size());
    }

    /** Waits until the log begins with an offset. */
    void awaitBeginning(long offset) throws InterruptedException {
        long beganNs = System.nanoTime();
        while (beginningOffset() != offset) {
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(TIMEOUT_S)) {
                throw new AssertionError("expected the log to begin with " + offset + ", found " + beginningOffset());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** {@code key=value} of each. */
    static List<String> text(List<ConsumerRecord<String, String>> records) {
        return records.stream()
                .map(record -> record.key() + "=" + record.value())
                .toList();
    }

    private static Map<String, String> pairs(String... settings) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            pairs.put(settings[i], settings[i + 1]);
        }
        return pairs;
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
