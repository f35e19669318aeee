package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.fixture.LauncherJar;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka's own torture test of log compaction: it overwrites and deletes keys while the broker compacts, reads everything back, and
 * compares the newest value of each key. It ends when it has heard nothing for 20 s, which is most of its time; so several run at once.
 */
@Tag("long")
class LogCompactionTesterIT {
    private static final Pattern ROWS = Pattern.compile("(\\d+) rows of data produced, (\\d+) rows of data consumed");
    private static final int LIMIT_S = 85;

    @TempDir
    Path directory;

    @Test
    void shouldPassWithDeletesAndCompression() throws Exception {
        passAtOnce(List.of(
                List.of("--messages", "60000", "--duplicates", "100", "--percent-deletes", "20", "--sleep", "2"),
                // Without a sleep: so many messages that compaction has to keep step with the producer.
                List.of("--messages", "200000", "--duplicates", "50", "--topics", "2", "--compression-type", "zstd")));
    }

    @Test
    @Tag("slow")
    void shouldPassWithManyMessagesOfEveryCodec() throws Exception {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            passAtOnce(List.of(List.of(
                    "--messages",
                    "300000",
                    "--duplicates",
                    "20",
                    "--percent-deletes",
                    "30",
                    "--sleep",
                    "5",
                    "--compression-type",
                    codec)));
        }
    }

    private void passAtOnce(List<List<String>> runs) throws Exception {
        assumeTrue(CommandLine.exists("sort"), "the tool needs sort on the path");
        ExecutorService threads = Executors.newFixedThreadPool(runs.size());
        try (BrokerProcess broker = BrokerProcess.start(
                directory.resolve("data"),
                "log.segment.bytes=1048576",
                "log.roll.ms=500",
                "log.cleaner.backoff.ms=50",
                "log.cleaner.min.cleanable.ratio=0.1",
                "log.cleaner.delete.retention.ms=100")) {
            List<CompletableFuture<Outcome>> outcomes = runs.stream()
                    .map(arguments -> CompletableFuture.supplyAsync(() -> run(broker, arguments), threads))
                    .toList();
            for (CompletableFuture<Outcome> outcome : outcomes) {
                assertPassed(outcome.get(LIMIT_S, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome run(BrokerProcess broker, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                LauncherJar.ownJava().toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Path.of("target").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.kafka.tools.LogCompactionTester",
                "--bootstrap-server",
                broker.bootstrap()));
        command.addAll(arguments);
        try {
            return CommandLine.program(NO_INPUT, command.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * It has to have passed, and not because nothing was compacted. How much is left when it reads is decided by the machine, since a
     * cleaner stands back for the broker.
     */
    private static void assertPassed(Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("0 mismatches").contains("Data verification is completed");
        Matcher rows = ROWS.matcher(outcome.output());
        assertThat(rows.find()).as(outcome.output()).isTrue();
        long produced = Long.parseLong(rows.group(1));
        long consumed = Long.parseLong(rows.group(2));
        assertThat(consumed).as(outcome.output()).isPositive().isLessThan(produced);
    }
}
