package io.penstock.net.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.Toolbox;
import io.penstock.net.transactions.WorkerProcess.Language;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workers consume, transform and produce in transactions while they and the broker are killed: what comes out is what went in, each
 * record once and in order.
 */
@Tag("long")
class TransferIT {
    /** Short, so that a killed worker's partitions soon find another. */
    static final int SESSION_TIMEOUT_MS = 2_000;

    private static final String SOURCE = "transfer-in";
    private static final String TARGET = "transfer-out";
    private static final String GROUP = "transfer";
    private static final int PARTITIONS = 4;
    private static final int WORKERS = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(15);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource
    void shouldMoveEachRecordOnceThroughSomeKills(Language language) throws Exception {
        transfer(language, 3, 3);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void shouldMoveEachRecordOnceThroughMinutesOfKills(Language language) throws Exception {
        transfer(language, 40, 30);
    }

    private void transfer(Language language, int workerKills, int brokerKills) throws Exception {
        assumeTrue(
                language != Language.PYTHON
                        || Toolbox.pythonWithConfluentKafka().isPresent(),
                Toolbox.howToGetConfluentKafka());
        try (BrokerProcess broker =
                BrokerProcess.start(directory.resolve("data"), "group.min.session.timeout.ms=1000")) {
            createTopics(broker.bootstrap());
            List<WorkerProcess> workers = new ArrayList<>();
            try (NumberSource numbers = new NumberSource(broker.bootstrap(), SOURCE, PARTITIONS);
                    NumberSink sink = new NumberSink(broker.bootstrap(), TARGET, PARTITIONS)) {
                for (int slot = 0; slot < WORKERS; slot++) {
                    workers.add(WorkerProcess.start(
                            language, broker.bootstrap(), Integer.toString(slot), GROUP, SOURCE, TARGET));
                }
                sink.awaitAny(DRAIN_LIMIT);
                disturb(broker, workers, workerKills, brokerKills);
                long count = numbers.finish();
                drain(sink, workers, count);
                assertThat(sink.flaws()).as("seed %d", seed).isEmpty();
                assertThat(sink.count())
                        .as("records that came out, seed %d", seed)
                        .isEqualTo(count);
                assertThat(committed(broker.bootstrap())).as("input consumed").isEqualTo(count);
            } finally {
                for (WorkerProcess worker : workers) {
                    worker.close();
                }
            }
        }
    }

    private static void createTopics(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(
                            new NewTopic(SOURCE, PARTITIONS, (short) 1), new NewTopic(TARGET, PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private void disturb(BrokerProcess broker, List<WorkerProcess> workers, int workerKills, int brokerKills)
            throws IOException, InterruptedException {
        int workersLeft = workerKills;
        int brokersLeft = brokerKills;
        while (workersLeft + brokersLeft > 0) {
            TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2_000));
            if (random.nextInt(workersLeft + brokersLeft) < workersLeft) {
                workersLeft--;
                workers.get(random.nextInt(workers.size())).kill();
            } else {
                brokersLeft--;
                broker.kill();
                broker.restart(START_LIMIT);
            }
            for (WorkerProcess worker : workers) {
                worker.revive();
            }
        }
    }

    private static void drain(NumberSink sink, List<WorkerProcess> workers, long count)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (sink.count() < count && System.nanoTime() < deadlineNs) {
            TimeUnit.MILLISECONDS.sleep(100);
            for (WorkerProcess worker : workers) {
                worker.revive();
            }
        }
        if (sink.count() < count) {
            StringBuilder outputs = new StringBuilder();
            for (WorkerProcess worker : workers) {
                outputs.append("\n--- started ")
                        .append(worker.starts())
                        .append(" times\n")
                        .append(worker.output());
            }
            throw new AssertionError(
                    "only " + sink.count() + " of " + count + " within " + DRAIN_LIMIT + ": " + sink + outputs);
        }
        TimeUnit.MILLISECONDS.sleep(500); // what would come twice comes now
    }

    private static long committed(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
            return offsets.values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }
}
