package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.history.Guarantee;
import io.penstock.net.history.HistoryChecker;
import io.penstock.net.history.Polled;
import io.penstock.net.history.Sent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged end of the active segment costs what was damaged, is reported, and nothing else. */
class TornTailIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void shouldServeWhatLiesBeforeACutEnd() throws Exception {
        damageAndRestart((file, dataEnd) -> file.setLength(dataEnd - 700));
    }

    @Test
    void shouldServeWhatLiesBeforeOverwrittenBytes() throws Exception {
        damageAndRestart((file, dataEnd) -> {
            byte[] noise = new byte[300];
            new Random(7).nextBytes(noise);
            file.seek(dataEnd - 2_000);
            file.write(noise);
        });
    }

    /** Hurts a file. */
    private interface Damage {
        void apply(RandomAccessFile file, long dataEnd) throws IOException;
    }

    private void damageAndRestart(Damage damage) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "torn", 1, Map.of());
            List<Sent> before = write(1, broker);
            broker.kill();
            damageActiveSegment(damage);
            broker.restart(START_LIMIT);

            List<Polled> rest = CompleteReader.readAll(1, broker.bootstrap(), "torn", 1);
            assertThat(broker.output()).as("what was cut is reported").containsPattern("WARN .*torn");
            assertThat(rest).as("records left").hasSizeBetween(before.size() - 40, before.size() - 1);
            assertThat(rest.get(rest.size() - 1).offset())
                    .as("a prefix without holes")
                    .isEqualTo(rest.size() - 1);

            List<Sent> all = new ArrayList<>(before.subList(0, rest.size()));
            all.addAll(write(2, broker));
            List<Polled> polled = CompleteReader.readAll(1, broker.bootstrap(), "torn", 1);
            assertThat(new HistoryChecker(EnumSet.allOf(Guarantee.class)).check(all, polled))
                    .isEmpty();
        }
    }

    /** Sends for half a second, one batch a record, and returns the sends in offset order. */
    private static List<Sent> write(int id, BrokerProcess broker) throws InterruptedException {
        SequencedWriter writer =
                new SequencedWriter(id, SequencedWriter.Style.IDEMPOTENT, broker.bootstrap(), "torn", 1, 500, 200);
        while (writer.ackedCount() < 200) {
            Thread.sleep(10);
        }
        writer.close();
        return writer.history().stream()
                .sorted(Comparator.comparingLong(Sent::offset))
                .toList();
    }

    private void damageActiveSegment(Damage damage) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            Path active = files.filter(file -> file.toString().contains("torn"))
                    .filter(file -> file.toString().endsWith(".cq4"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(active.toFile(), "rw")) {
                damage.apply(file, dataEnd(file));
            }
        }
    }

    /** One past the last byte that is not zero: the rest is room reserved ahead. */
    private static long dataEnd(RandomAccessFile file) throws IOException {
        byte[] all = new byte[(int) Math.min(file.length(), 64 << 20)];
        file.readFully(all);
        int end = all.length;
        while (end > 0 && all[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
