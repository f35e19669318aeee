package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import io.penstock.bench.fixture.PercentileFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class CompareCommandIT {
    @TempDir
    private Path directory;

    @Test
    void shouldWriteTableAndPlotsOfPenstockAndTheEcho() throws Exception {
        // when
        CommandResult result = CommandResult.of(
                new CompareCommand(),
                "--penstock=../net/target/penstock",
                "--directory=" + directory,
                "--rounds=1",
                "--only=closed",
                "--prepare=0",
                "--warm-up=0",
                "--seconds=1",
                "--no-fill-memory");

        // then
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        List<String> rows = result.output().lines().skip(2).toList();
        assertThat(rows).hasSize(5);
        assertThat(rows.get(0))
                .matches("\\| closed loop, acks=1 \\| p50 µs \\| [0-9.]+ \\(.*\\) \\|  \\|  \\| ≤ 0.5 \\| [0-9.]+ \\|");
        assertThat(rows.get(3)).matches("\\| cold start .* \\| s \\| [0-9.]+ \\(.*\\) \\|  \\|  \\| ≤ 0.25 \\|  \\|");
        assertThat(Files.readString(directory.resolve("results.md"))).isEqualTo(result.output());
        assertThat(Files.readString(directory.resolve("latencies.html"))).contains("closed loop", "penstock", "echo");
        assertThat(PercentileFile.read(directory.resolve("closed-loop-acks-1-penstock.hgrm"))
                        .last()
                        .part())
                .isEqualTo(1.0);
        assertThat(directory.resolve("closed-loop-acks-1-echo.hgrm")).isRegularFile();
    }
}
