package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.compare.Results.Spread;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ComparisonIT {
    private static final Figure CLOSED = Figure.all().get(0);
    private static final Figure FOR_BROKERS = Figure.ofConnections(4);

    @TempDir
    private Path directory;

    @Test
    void shouldMeasureAnEchoInEveryRoundAsFarAsItCan() throws Exception {
        // given
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        Comparison comparison = new Comparison(
                List.of(Echoes.echo()),
                List.of(CLOSED, FOR_BROKERS),
                new Durations(0, 0, 1),
                directory,
                MemoryFill.none(),
                new PrintStream(progress, true, StandardCharsets.UTF_8));

        // when
        Results results = comparison.run(2);

        // then
        Spread p50 = results.spread(CLOSED.name(), "echo", 0);
        Histogram latencyNs = Objects.requireNonNull(
                results.latencies().getOrDefault(CLOSED.name(), Map.of()).get("echo"));
        assertThat(p50.least()).isPositive().isLessThanOrEqualTo(p50.median());
        assertThat(p50.most()).isGreaterThanOrEqualTo(p50.median());
        assertThat(latencyNs.getTotalCount()).isPositive();
        assertThat(latencyNs.getMaxValue() / 1e3).isGreaterThanOrEqualTo(p50.most());
        assertThat(results.spread(FOR_BROKERS.name(), "echo", 0).median()).isNaN();
        assertThat(results.spread(Comparison.START, "echo", 0).median()).isNaN();
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("round 1 of 2: echo", "round 2 of 2: echo", "  closed loop, acks=1: requests ");
        assertThat(directory).isEmptyDirectory();
    }
}
