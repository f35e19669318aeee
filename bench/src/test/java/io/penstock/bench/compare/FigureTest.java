package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.bench.load.LoadResult;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class FigureTest {
    private static Stream<String> rows(Figure figure) {
        return figure.metrics().stream().map(metric -> figure.name() + " | " + metric.name() + limit(metric));
    }

    private static String limit(Metric metric) {
        return metric.hasLimit() ? (metric.isMoreBetter() ? " ≥ " : " ≤ ") + metric.limit() : "";
    }

    private static Figure figure(String name) {
        return Figure.all().stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A thousand requests of 1 to 1,000 µs in two seconds, 500 MB, and 0.25 s of a processor. */
    private static Figure.Measured measured() {
        Histogram latencyNs = new Histogram(3);
        for (int micros = 1; micros <= 1_000; micros++) {
            latencyNs.recordValue(micros * 1_000L);
        }
        return new Figure.Measured(new LoadResult(latencyNs, 2_000_000_000L, 500_000_000L), 250_000_000);
    }

    @Test
    void shouldBeAllThatIsAskedFor() {
        assertThat(Figure.all().stream().flatMap(FigureTest::rows))
                .containsExactly(
                        "closed loop, acks=1 | p50 µs ≤ 0.5",
                        "closed loop, acks=1 | p99 µs ≤ 0.5",
                        "closed loop, acks=1 | p99.9 µs ≤ 0.3",
                        "500/s, acks=1 | p50 µs ≤ 0.6",
                        "500/s, acks=1 | p99 µs ≤ 0.5",
                        "500/s, acks=1 | p99.9 µs ≤ 0.4",
                        "500/s, acks=all | p50 µs ≤ 0.6",
                        "500/s, acks=all | p99 µs ≤ 0.5",
                        "500/s, acks=all | p99.9 µs ≤ 0.4",
                        "produce to waiting fetch, 500/s | p50 µs ≤ 0.5",
                        "produce to waiting fetch, 500/s | p99 µs ≤ 0.5",
                        "produce to waiting fetch, 500/s | p99.9 µs",
                        "pipelined, window 64 | requests/s ≥ 8.0",
                        "pipelined, window 64 | broker CPU µs/request ≤ 0.2",
                        "16 connections, one in flight each | requests/s ≥ 2.0",
                        "16 connections, one in flight each | broker CPU µs/request ≤ 0.4",
                        "160 KB batches in, window 8 | MB/s ≥ 1.5",
                        "160 KB batches in, window 8 | broker CPU s/GB ≤ 0.5",
                        "read back, hot | MB/s ≥ 1.0",
                        "read back, hot | broker CPU s/GB ≤ 1.0",
                        "1 producer, 8 consumers, 100 batches/s | MB/s",
                        "1 producer, 8 consumers, 100 batches/s | broker CPU s/GB ≤ 0.8");
    }

    @Test
    void shouldBeTheStartToo() {
        assertThat(Comparison.START_METRICS)
                .containsExactly(Metric.atMost("s", 0.25), Metric.atMost("MB resident", 0.5));
    }

    @Test
    void shouldLoadAsItsNameSays() {
        assertThat(figure("500/s, acks=all")).satisfies(figure -> {
            assertThat(figure.rate()).isEqualTo(500);
            assertThat(figure.acks()).isEqualTo((short) -1);
        });
        assertThat(figure("pipelined, window 64").window()).isEqualTo(64);
        assertThat(figure("16 connections, one in flight each").connections()).isEqualTo(16);
        assertThat(figure("160 KB batches in, window 8")).satisfies(figure -> {
            assertThat(figure.window()).isEqualTo(8);
            assertThat(figure.records() * figure.valueBytes()).isEqualTo(160_000);
        });
        assertThat(figure("1 producer, 8 consumers, 100 batches/s")).satisfies(figure -> {
            assertThat(figure.rate()).isEqualTo(100);
            assertThat(figure.connections()).isEqualTo(8);
        });
    }

    @Test
    void shouldPutAnEchoUnderTheTwoLoadsThatItCanServe() {
        assertThat(Figure.all().stream().filter(Figure::isForEcho).map(Figure::name))
                .containsExactly("closed loop, acks=1", "500/s, acks=1");
    }

    @Test
    void shouldTakeAsManyNumbersAsItHasMetrics() {
        List<Figure> figures =
                Stream.concat(Figure.all().stream(), Curves.all().stream()).toList();

        assertThat(figures)
                .allSatisfy(
                        figure -> assertThat(figure.reading().of(measured())).hasSameSizeAs(figure.metrics()));
    }

    @Test
    void shouldReadLatenciesInMicroseconds() {
        assertThat(figure("closed loop, acks=1").reading().of(measured()))
                .containsExactly(new double[] {500, 990, 999}, within(1.0));
    }

    @Test
    void shouldReadRequestsPerSecondAndProcessorTimeOfEach() {
        assertThat(figure("pipelined, window 64").reading().of(measured())).containsExactly(500, 250);
    }

    @Test
    void shouldReadMegabytesPerSecondAndProcessorTimeOfAGigabyte() {
        assertThat(figure("read back, hot").reading().of(measured())).containsExactly(250, 0.5);
    }

    @Test
    void shouldReadAllOfAPointInTheOrderOfItsMetrics() {
        assertThat(Figure.ofSize(10).reading().of(measured()))
                .containsExactly(new double[] {500, 250, 500, 990, 999, 250}, within(1.0));
        assertThat(Figure.ofSize(10).metrics())
                .extracting(Metric::name)
                .containsExactly("requests/s", "MB/s", "p50 µs", "p99 µs", "p99.9 µs", "broker CPU µs/request");
    }
}
