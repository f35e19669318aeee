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
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loss of power leaves: everything acknowledged on a synced topic, a clean prefix on any other. */
class PowerCutIT {
    private static final int PARTITIONS = 2;

    @TempDir
    Path directory;

    @Test
    void shouldKeepSyncedTopicsWholeAndOthersAPrefix() throws Exception {
        cutPower(2_000);
    }

    @RepeatedTest(20)
    @Tag("slow")
    void shouldKeepThatPromiseAtAnyMoment() throws Exception {
        cutPower(200 + new Random().nextInt(4_000));
    }

    private void cutPower(int runMs) throws Exception {
        Collection<Sent> syncedSends;
        Collection<Sent> plainSends;
        try (LoopDisk disk = LoopDisk.create(directory, "before", 512)) {
            LoopDisk after;
            BrokerProcess broker = BrokerProcess.start(disk.directory().resolve("data"));
            try {
                Map<String, String> small = Map.of("segment.bytes", "1048576");
                Map<String, String> synced = new HashMap<>(small);
                synced.put("flush.messages", "1");
                TestTopics.create(broker.bootstrap(), "synced", PARTITIONS, synced);
                TestTopics.create(broker.bootstrap(), "plain", PARTITIONS, small);
                var syncedWriter = writer(1, SequencedWriter.Style.IDEMPOTENT, broker, "synced");
                var plainWriter = writer(2, SequencedWriter.Style.LEADER_ACK, broker, "plain");
                Thread.sleep(runMs);
                // Histories first: an ack that arrives while we copy would be held against a disk that is older.
                syncedSends = new ArrayList<>(syncedWriter.history());
                plainSends = new ArrayList<>(plainWriter.history());
                broker.suspend();
                after = disk.afterPowerCut("after");
                broker.kill();
                syncedWriter.abandon();
                plainWriter.abandon();
                syncedSends = settled(syncedSends, syncedWriter);
                plainSends = settled(plainSends, plainWriter);
            } finally {
                broker.close();
            }
            try (after;
                    BrokerProcess reborn =
                            BrokerProcess.start(after.directory().resolve("data"), Duration.ofSeconds(15))) {
                check(reborn, "synced", syncedSends, EnumSet.allOf(Guarantee.class));
                List<Polled> plain = check(
                        reborn, "plain", plainSends, EnumSet.complementOf(EnumSet.of(Guarantee.NOTHING_ACKED_IS_LOST)));
                assertThat(gaps(plain))
                        .as("holes in the offsets of the unsynced topic")
                        .isEmpty();
            }
        }
    }

    /** The sends known before the cut, and all later ones as unknown. */
    private static Collection<Sent> settled(Collection<Sent> before, SequencedWriter writer) {
        Map<Object, Sent> byValue = new HashMap<>();
        writer.attempted()
                .forEach(v ->
                        byValue.put(v, new Sent(v.producer(), v.partition(), v.sequence(), Sent.Outcome.UNKNOWN, -1)));
        before.forEach(
                s -> byValue.put(new io.penstock.net.history.Value(s.producer(), s.partition(), s.sequence()), s));
        return byValue.values();
    }

    private static List<Polled> check(
            BrokerProcess broker, String topic, Collection<Sent> sends, EnumSet<Guarantee> guarantees) {
        List<Polled> polls = CompleteReader.readAll(1, broker.bootstrap(), topic, PARTITIONS);
        assertThat(new HistoryChecker(guarantees).check(sends, polls)).as(topic).isEmpty();
        assertThat(sends).as("sends to " + topic).anyMatch(s -> s.outcome() == Sent.Outcome.ACKED);
        return polls;
    }

    private static List<String> gaps(List<Polled> polls) {
        Map<Integer, Long> next = new HashMap<>();
        List<String> gaps = new ArrayList<>();
        for (Polled polled : polls) {
            long expected = next.getOrDefault(polled.partition(), 0L);
            if (polled.offset() != expected) {
                gaps.add("partition " + polled.partition() + ": expected " + expected + ", found " + polled.offset());
            }
            next.put(polled.partition(), polled.offset() + 1);
        }
        return gaps;
    }

    private static SequencedWriter writer(int id, SequencedWriter.Style style, BrokerProcess broker, String topic) {
        return new SequencedWriter(id, style, broker.bootstrap(), topic, PARTITIONS, 1_000, 500);
    }
}
