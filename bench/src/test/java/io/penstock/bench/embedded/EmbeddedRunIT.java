package io.penstock.bench.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import io.penstock.bench.fixture.PercentileFile;
import io.penstock.net.transport.TransportChoice;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The run ends with the last record, so that a record that was lost, or came after it, would be missing in the count. */
@Timeout(120)
final class EmbeddedRunIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"NIO, false", "NIO, true", "AUTO, false"})
    void shouldTimeEveryRecordUntilItIsRead(TransportChoice transport, boolean sameLoop) throws Exception {
        // given
        EmbeddedPlan plan = new EmbeddedPlan(
                directory.resolve("data"), 100, 500, sameLoop, transport, Duration.ofNanos(50_000), 0, 1);

        // when
        Histogram latencyNs = new EmbeddedRun(plan).run();

        // then
        assertThat(latencyNs.getTotalCount()).isEqualTo(500);
        assertThat(latencyNs.getMinValue()).isPositive();
    }

    @Test
    void shouldNotCountTheWarmUp() throws Exception {
        EmbeddedPlan plan = new EmbeddedPlan(null, 8, 500, false, TransportChoice.NIO, Duration.ZERO, 1, 1);

        assertThat(new EmbeddedRun(plan).run().getTotalCount()).isEqualTo(500);
    }

    @Test
    void shouldPrintALineAndWriteThePercentiles() throws Exception {
        // given
        Path hgrm = directory.resolve("embedded.hgrm");

        // when
        CommandResult result = CommandResult.of(
                new EmbeddedCommand(), "--rate=300", "--warm-up=0", "--seconds=1", "--spin-us=0", "--hgrm=" + hgrm);

        // then
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).startsWith("embedded  300 x 100 B at 300/s  latency us: p50 ");
        assertThat(PercentileFile.read(hgrm).last().count()).isEqualTo(300);
        assertThat(PercentileFile.read(hgrm).last().part()).isEqualTo(1.0);
    }

    @Test
    void shouldTellFirstWhatTheMachineItselfIsLateBy() {
        CommandResult result = CommandResult.of(
                new EmbeddedCommand(), "--control", "--rate=400", "--warm-up=1", "--seconds=1", "--transport=nio");

        assertThat(result.output().lines())
                .satisfiesExactly(
                        control -> assertThat(control).startsWith("control   400 x 100 B at 400/s  latency us: p50 "),
                        broker -> assertThat(broker).startsWith("embedded  400 x 100 B at 400/s  latency us: p50 "));
    }
}
