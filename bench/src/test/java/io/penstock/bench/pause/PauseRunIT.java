package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import io.penstock.bench.fixture.PercentileFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class PauseRunIT {
    private static final String PERCENTILES = "p50 [0-9.]+  p99 [0-9.]+  p99.9 [0-9.]+  p99.99 [0-9.]+  max [0-9.]+";
    /** Of a batch of one value without a key, above the value's own. */
    private static final int OVERHEAD_BYTES = 80;

    @TempDir
    private Path directory;

    private PausePlan plan(String store, int compactedKeys, int rateMb) {
        return new PausePlan(store, directory.resolve("data"), 16_000, 2, 160_000, compactedKeys, rateMb, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "chronicle"})
    void shouldMeasureTicksBesideAppends(String store) throws Exception {
        // when
        PauseResult result = new PauseRun(plan(store, 0, 20)).run();

        // then
        assertThat(result.appends()).isPositive();
        assertThat(result.refused()).isZero();
        assertThat(result.bytes() / result.appends()).isBetween(16_000L, 16_000L + OVERHEAD_BYTES);
        assertThat(result.seconds()).isGreaterThanOrEqualTo(1);
        assertThat(result.delays().lateNs().getTotalCount()).isPositive();
        assertThat(result.delays().heldUpNs().getMaxValue())
                .isLessThanOrEqualTo(result.delays().lateNs().getMaxValue());
        assertThat(result.control()).matches(PERCENTILES);
    }

    @Test
    void shouldAppendNoFasterThanItIsTold() throws Exception {
        // when
        long begunNs = System.nanoTime();
        PauseResult result = new PauseRun(plan("memory", 0, 2)).run();
        double seconds = (System.nanoTime() - begunNs) / 1e9;

        // then: what is due is sent as whole batches
        assertThat((double) result.bytes()).isLessThanOrEqualTo(seconds * 2e6 + 2 * (16_000 + OVERHEAD_BYTES));
    }

    @Test
    void shouldTellWhetherTheCleanerHasBeenThereAndLeaveNothingBehind() throws Exception {
        // given
        Path hgrm = directory.resolve("pause.hgrm");
        Path data = directory.resolve("new").resolve("data");

        // when
        CommandResult result = CommandResult.of(
                new PauseCommand(),
                "--directory=" + data,
                "--compacted-keys=10",
                "--rate=5",
                "--warm-up=0",
                "--seconds=1",
                "--hgrm=" + hgrm);

        // then
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output().lines().toList()).hasSize(7).satisfies(lines -> {
            assertThat(lines.get(0)).matches("pause  chronicle  16000 B x 2 partitions .* 0 refused");
            assertThat(lines.get(4)).matches("  a process that only sleeps, by   " + PERCENTILES);
            assertThat(lines.get(6)).matches("  the compaction beside it left segments: \\d+");
        });
        assertThat(PercentileFile.read(hgrm).last().part()).isEqualTo(1.0);
        try (var left = Files.list(data)) {
            assertThat(left).isEmpty();
        }
    }
}
