package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Commits larger and larger offsets of one group all the time, through kills of the broker; other groups have committed but once. */
final class OffsetsWriter implements AutoCloseable {
    private static final String GROUP = "busy";
    private static final List<String> QUIET_GROUPS =
            IntStream.range(0, 20).mapToObj(i -> "quiet-" + i).toList();
    private static final long QUIET_OFFSET = 4711;
    private static final int TIMEOUT_S = 30;
    /** Near to what a broker takes, to fill segments soon. */
    private static final String METADATA = "m".repeat(4_000);

    private final String bootstrap;
    private final TopicPartition partition;
    private final Thread thread;
    private volatile long acked;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    OffsetsWriter(String bootstrap, TopicPartition partition)
            throws ExecutionException, InterruptedException, TimeoutException {
        this.bootstrap = bootstrap;
        this.partition = partition;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (String group : QUIET_GROUPS) {
                admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(QUIET_OFFSET)))
                        .all()
                        .get(TIMEOUT_S, TimeUnit.SECONDS);
            }
        }
        this.thread = new Thread(this::run, "offsets-writer");
        thread.start();
    }

    private void run() {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                GROUP,
                "enable.auto.commit",
                false,
                "reconnect.backoff.max.ms",
                100,
                "default.api.timeout.ms",
                30_000);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            for (long next = 1; !stopping; next++) {
                if (commits(consumer, next)) {
                    acked = next;
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** False if nobody knows: then it is committed or not, and the next one is larger. */
    private boolean commits(KafkaConsumer<String, String> consumer, long offset) {
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset, METADATA)));
            return true;
        } catch (RetriableException unknown) {
            return false;
        }
    }

    /** Fails unless each group's newest committed offset is told, or a larger one. */
    void assertNothingLost() throws ExecutionException, InterruptedException, TimeoutException {
        long due = acked;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            assertThat(committed(admin, GROUP)).as("commits of the busy group").isGreaterThanOrEqualTo(due);
            for (String group : QUIET_GROUPS) {
                assertThat(committed(admin, group)).as(group).isEqualTo(QUIET_OFFSET);
            }
        }
    }

    private long committed(Admin admin, String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        OffsetAndMetadata committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_S, TimeUnit.SECONDS)
                .get(partition);
        return committed == null ? -1 : committed.offset();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(Duration.ofSeconds(2L * TIMEOUT_S).toMillis());
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError("a commit failed for good", thrown);
        }
    }
}
