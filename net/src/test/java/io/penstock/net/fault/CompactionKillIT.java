package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fault.KeyedWriter.Entry;
import io.penstock.net.fixture.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the midst of compaction, of a topic and of the committed offsets: the newest record of each key is there at its
 * offset, and what was once gone stays gone.
 */
@Tag("long")
class CompactionKillIT {
    private static final TopicPartition PARTITION = new TopicPartition("compacted", 0);
    private static final int KEYS = 300;
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);
    private static final long COMPACTION_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    /** Id, partition, {@code compacting}, number. */
    private static final int WRITTEN_SEGMENT_DEPTH = 4;
    /** Slow enough for a run to take a while, and to be met by a kill. */
    private static final String THROTTLE = "log.cleaner.io.max.bytes.per.second=3000000";

    @TempDir
    Path directory;

    @Test
    void shouldKeepTheNewestOfEachKeyThroughKillsInTheMidstOfCompaction() throws Exception {
        surviveKills(3);
    }

    @Test
    @Tag("slow")
    void shouldKeepTheNewestOfEachKeyThroughSixtyKillsInTheMidstOfCompaction() throws Exception {
        surviveKills(60);
    }

    private void surviveKills(int kills) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path data = directory.resolve("data");
        try (BrokerProcess broker = BrokerProcess.start(
                data,
                "log.cleaner.backoff.ms=0",
                "log.cleaner.threads=2",
                THROTTLE,
                "log.cleaner.min.cleanable.ratio=0.1",
                "log.segment.delete.delay.ms=0",
                "offsets.topic.num.partitions=1",
                "offsets.topic.segment.bytes=1048576")) {
            TestTopics.create(
                    broker.bootstrap(),
                    PARTITION.topic(),
                    1,
                    Map.of(
                            "cleanup.policy", "compact",
                            "internal.segment.bytes", "100000",
                            "delete.retention.ms", "1"));
            NavigableMap<Long, Entry> before = new TreeMap<>();
            List<Map<String, Long>> gone = new ArrayList<>();
            long readTo = -1;
            KeyedWriter writer = new KeyedWriter(broker.bootstrap(), PARTITION.topic(), KEYS, seed);
            try (OffsetsWriter offsets = new OffsetsWriter(broker.bootstrap(), PARTITION)) {
                for (int kill = 0; kill < kills; kill++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                    awaitCompacting(data, kill % 2 == 0 ? PARTITION.topic() : "__consumer_offsets");
                    broker.kill();
                    broker.restart(START_LIMIT);

                    Map<String, Long> due = new HashMap<>(writer.newestOffsets());
                    NavigableMap<Long, Entry> now = read(broker);
                    gone.add(assertNewestAreThere(now, due, writer, seed));
                    assertPartOf(before, now.headMap(readTo, true), seed);
                    offsets.assertNothingLost();
                    before = now;
                    readTo = now.isEmpty() ? -1 : now.lastKey();
                }
            } finally {
                writer.close();
            }
            NavigableMap<Long, Entry> last = read(broker);
            gone.add(assertNewestAreThere(last, writer.newestOffsets(), writer, seed));
            gone.forEach(keys -> assertDeleted(keys, writer, seed));
            assertPartOf(writer.acked(), last, seed);
            awaitShrunk(broker, writer.acked().size() / 2, seed);
        }
    }

    /** Compaction goes on when the writer has ended, until less than {@code most} records are left. */
    private static void awaitShrunk(BrokerProcess broker, int most, long seed) throws InterruptedException {
        long beganNs = System.nanoTime();
        int left = read(broker).size();
        while (left >= most) {
            assertThat(System.nanoTime() - beganNs)
                    .as("%d of at most %d records left, seed %d", left, most, seed)
                    .isLessThan(COMPACTION_LIMIT_NS);
            TimeUnit.MILLISECONDS.sleep(100);
            left = read(broker).size();
        }
    }

    /** Returns when a new segment is being written for a partition of the topic. */
    private static void awaitCompacting(Path data, String topic) throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!isCompacting(data, topic)) {
            if (System.nanoTime() - beganNs > COMPACTION_LIMIT_NS) {
                throw new AssertionError("no compaction of " + topic);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static boolean isCompacting(Path data, String topic) {
        Path logs = data.resolve(Path.of("logs", "topics", topic));
        try (Stream<Path> found = Files.find(
                logs,
                WRITTEN_SEGMENT_DEPTH,
                (path, facts) ->
                        path.getName(path.getNameCount() - 2).toString().equals("compacting"))) {
            return found.findAny().isPresent();
        } catch (UncheckedIOException | IOException changed) {
            // Directories come and go while they are looked through.
            return false;
        }
    }

    /**
     * Each key has its newest record where it was acknowledged, or a newer one, or none if that deleted it.
     *
     * @return the keys without a record, and the offsets that were due for them
     */
    private static Map<String, Long> assertNewestAreThere(
            NavigableMap<Long, Entry> found, Map<String, Long> due, KeyedWriter writer, long seed) {
        Map<String, Long> gone = new HashMap<>();
        Map<String, Long> newest = new HashMap<>();
        found.forEach((offset, entry) -> newest.put(entry.key(), offset));
        due.forEach((key, offset) -> {
            Entry acked = Objects.requireNonNull(writer.acked().get(offset));
            Long there = newest.get(key);
            if (there == null) {
                gone.put(key, offset);
                return;
            }
            assertThat(there).as("%s, seed %d", key, seed).isGreaterThanOrEqualTo(offset);
            if (there.equals(offset)) {
                assertThat(found.get(offset)).as("%s, seed %d", key, seed).isEqualTo(acked);
            }
        });
        return gone;
    }

    /** Only a deletion takes a key away: by the record that was due, or by a later one, which may have been acknowledged later. */
    private static void assertDeleted(Map<String, Long> gone, KeyedWriter writer, long seed) {
        gone.forEach(
                (key, offset) -> assertThat(writer.acked().tailMap(offset, true).values())
                        .as("deletion of %s, seed %d", key, seed)
                        .contains(new Entry(key, null)));
    }

    /** What is read was there before: at these offsets, with these records. */
    private static void assertPartOf(Map<Long, Entry> before, Map<Long, Entry> now, long seed) {
        Map<Long, Entry> changed = new TreeMap<>(now);
        changed.entrySet().removeAll(before.entrySet());
        assertThat(changed).as("came back or was changed, seed %d", seed).isEmpty();
    }

    private static NavigableMap<Long, Entry> read(BrokerProcess broker) {
        NavigableMap<Long, Entry> records = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "auto.offset.reset", "none", "fetch.max.wait.ms", 1),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
            consumer.seek(PARTITION, 0);
            long beganNs = System.nanoTime();
            while (consumer.position(PARTITION) < end) {
                if (System.nanoTime() - beganNs > READ_LIMIT.toNanos()) {
                    throw new AssertionError("not read to " + end + " within " + READ_LIMIT);
                }
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> records.put(record.offset(), new Entry(record.key(), record.value())));
            }
        }
        return records;
    }
}
