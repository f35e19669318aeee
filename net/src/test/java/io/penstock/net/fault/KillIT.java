package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.history.Guarantee;
import io.penstock.net.history.HistoryChecker;
import io.penstock.net.history.Polled;
import io.penstock.net.history.Sent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after {@code kill -9}, once, in order, at its offset. */
class KillIT {
    private static final int PARTITIONS = 4;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void shouldKeepEveryAckedRecordThroughTwentyKills() throws Exception {
        surviveKills(20, 300, Map.of());
    }

    @Test
    @Tag("slow")
    void shouldKeepEveryAckedRecordThroughHundredKillsWithTinySegments() throws Exception {
        surviveKills(100, 2_000, Map.of("segment.bytes", "1048576"));
    }

    private void surviveKills(int kills, int recordsPerSecond, Map<String, String> topicConfig) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Sent> sent = new ArrayList<>();
        List<Polled> polled = new ArrayList<>();
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "killed", PARTITIONS, topicConfig);
            try (var idempotent = writer(1, SequencedWriter.Style.IDEMPOTENT, broker, recordsPerSecond);
                    var second = writer(2, SequencedWriter.Style.IDEMPOTENT, broker, recordsPerSecond);
                    var leaderAck = writer(3, SequencedWriter.Style.LEADER_ACK, broker, recordsPerSecond)) {
                for (int kill = 0; kill < kills; kill++) {
                    Thread.sleep(50 + random.nextInt(1_000));
                    broker.kill();
                    broker.restart(START_LIMIT);
                }
                Thread.sleep(500);
                for (SequencedWriter writer : List.of(idempotent, second, leaderAck)) {
                    writer.close();
                    sent.addAll(writer.history());
                    assertThat(writer.ackedCount())
                            .as("acked by a writer, seed %d", seed)
                            .isPositive();
                }
            }
            for (int reader = 0; reader < 2; reader++) {
                polled.addAll(CompleteReader.readAll(reader, broker.bootstrap(), "killed", PARTITIONS));
            }
        }
        assertThat(new HistoryChecker(EnumSet.allOf(Guarantee.class)).check(sent, polled))
                .as("seed %d, %d sends", seed, sent.size())
                .isEmpty();
        assertThat(Stream.of(1, 2, 3))
                .allMatch(id -> polled.stream().anyMatch(p -> p.value().producer() == id));
    }

    private static SequencedWriter writer(
            int id, SequencedWriter.Style style, BrokerProcess broker, int recordsPerSecond) {
        return new SequencedWriter(id, style, broker.bootstrap(), "killed", PARTITIONS, recordsPerSecond, 100);
    }
}
