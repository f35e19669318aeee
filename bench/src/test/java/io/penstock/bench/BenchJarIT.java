package io.penstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.LocalBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench.jar} as the build makes it and a user runs it. */
@Timeout(120)
final class BenchJarIT {
    private static final Path JAR = Path.of("target", "bench.jar");

    /** What has become of a run; standard error is part of the output. */
    private record Ended(int exitCode, String output) {}

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        assertThat(JAR).as("built by this module").isRegularFile();
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldTellWhatItCanMeasure() throws Exception {
        Ended help = run("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("load", "compare", "curve", "embedded", "pause", "zero-copy", "jmh");
    }

    @Test
    void shouldKnowTheMicroBenchmarks() throws Exception {
        Ended list = run("jmh", "--", "-l");

        assertThat(list.exitCode()).isZero();
        assertThat(list.output())
                .contains("io.penstock.bench.micro.AppendBenchmark.append")
                .contains("io.penstock.bench.micro.ProduceToConsumeBenchmark.oneByOne");
    }

    @Test
    void shouldEndWithTwoAndASentenceWhenItIsMisused() throws Exception {
        Ended misused = run("load", "--scenario", "nonsense");

        assertThat(misused.exitCode()).isEqualTo(2);
        assertThat(misused.output()).contains("scenario must be one of").doesNotContain("\tat ");
    }

    @Test
    void shouldLoadABroker(@TempDir Path directory) throws Exception {
        try (LocalBroker broker = LocalBroker.start(directory.resolve("data"))) {
            Ended load =
                    run("load", "--bootstrap", broker.bootstrap(), "--topic", "t", "--warm-up", "0", "--seconds", "1");

            assertThat(load.exitCode()).as(load.output()).isZero();
            assertThat(load.output()).contains("closed  acks=1  1 x 100 B  requests ");
            assertThat(broker.endOffset("t")).isPositive();
        }
    }
}
