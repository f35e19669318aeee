package io.penstock.net.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The topic of committed offsets stays short, and nothing that counts is lost with what goes. */
class OffsetsTopicIT {
    private static final TopicPartition OFFSETS = new TopicPartition("__consumer_offsets", 0);
    /** The least that a topic may have. */
    private static final int SEGMENT_BYTES = 1 << 20;

    private static final int COMMITS = 4_000;
    private static final int GROUPS = 4;
    private static final String PADDING = " ".repeat(1_000);

    /** As by default but for the size of its segments, so that few commits are many, and for the time that the test takes. */
    @Test
    void shouldKeepTheTopicOfCommittedOffsetsShort() throws InterruptedException {
        try (TestBroker broker = TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "offsets.topic.num.partitions", "1",
                        "offsets.topic.segment.bytes", Integer.toString(SEGMENT_BYTES),
                        "log.cleaner.backoff.ms", "50"))) {
            // given
            Clients.createTopic(broker, "t", 2);
            try (Admin admin = Clients.admin(broker)) {
                // when
                for (int group = 0; group < GROUPS; group++) {
                    commit(broker, "group-" + group, group, COMMITS / GROUPS);
                }
                long end = end(broker);

                // then
                assertThat(end).isGreaterThan(COMMITS);
                assertThat(awaitSize(admin, 3L * SEGMENT_BYTES))
                        .as("of the 8 MiB and more of %d records", end)
                        .isLessThan(3L * SEGMENT_BYTES);
                assertCommitted(admin);

                // when
                broker.restart();
            }

            // then
            try (Admin admin = Clients.admin(broker)) {
                assertCommitted(admin);
            }
        }
    }

    private static void commit(TestBroker broker, String group, int number, int commits) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker, "group.id", group)) {
            consumer.assign(List.of(new TopicPartition("t", 0), new TopicPartition("t", 1)));
            for (int i = 1; i < commits; i++) {
                consumer.commitAsync(committed(number, i), (offsets, failure) -> {});
            }
            consumer.commitSync(committed(number, commits));
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(int group, int commit) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            offsets.put(
                    new TopicPartition("t", partition),
                    new OffsetAndMetadata(10_000L * group + commit, "commit " + commit + PADDING));
        }
        return offsets;
    }

    private static void assertCommitted(Admin admin) {
        for (int group = 0; group < GROUPS; group++) {
            assertThat(Clients.await(
                            admin.listConsumerGroupOffsets("group-" + group).partitionsToOffsetAndMetadata()))
                    .isEqualTo(committed(group, COMMITS / GROUPS));
        }
    }

    private static long end(TestBroker broker) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(broker)) {
            return Objects.requireNonNull(consumer.endOffsets(List.of(OFFSETS)).get(OFFSETS));
        }
    }

    private static long awaitSize(Admin admin, long wanted) throws InterruptedException {
        long beganNs = System.nanoTime();
        long bytes = CompactedTopic.sizeBytes(admin, OFFSETS);
        while (bytes >= wanted && System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(20)) {
            TimeUnit.MILLISECONDS.sleep(50);
            bytes = CompactedTopic.sizeBytes(admin, OFFSETS);
        }
        return bytes;
    }
}
