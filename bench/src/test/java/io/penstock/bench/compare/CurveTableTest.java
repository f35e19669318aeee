package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CurveTableTest {
    private static final Figure FOUR = Figure.ofConnections(4);
    private static final Figure LARGE = Figure.ofSize(1_000_000);

    private final Results results = new Results();

    private void add(Figure point, String broker, double requests, double cpuMicros) {
        results.add(point.name(), broker, new double[] {requests, 1, 2, 3, 4, cpuMicros});
    }

    private List<String> lines(String... brokers) {
        return List.of(
                CurveTable.of(results, List.of(FOUR, LARGE), List.of(brokers)).split("\n", -1));
    }

    @Test
    void shouldGiveTheRatioOfTheFirstToTheSecond() {
        // given
        add(FOUR, "penstock", 30_000, 10);
        add(FOUR, "penstock", 10_000, 30);
        add(FOUR, "kafka", 10_000, 40);
        add(LARGE, "penstock", 99.5, 1);
        add(LARGE, "kafka", 199, 1);

        // then
        assertThat(lines("penstock", "kafka"))
                .containsExactly(
                        "|  |  | requests/s | MB/s | p50 µs | p99 µs | p99.9 µs | broker CPU µs/request |",
                        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
                        "| connections: 4 | penstock | 20,000 | 1.00 | 2.00 | 3.00 | 4.00 | 20.00 |",
                        "|  | kafka | 10,000 | 1.00 | 2.00 | 3.00 | 4.00 | 40.00 |",
                        "|  | ratio | 2.00 | 1.00 | 1.00 | 1.00 | 1.00 | 0.50 |",
                        "| value of 1,000,000 B | penstock | 99.50 | 1.00 | 2.00 | 3.00 | 4.00 | 1.00 |",
                        "|  | kafka | 199 | 1.00 | 2.00 | 3.00 | 4.00 | 1.00 |",
                        "|  | ratio | 0.50 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 |",
                        "");
    }

    @Test
    void shouldGiveNoRatioOfOneBroker() {
        add(FOUR, "broker", 30_000, 10);

        assertThat(lines("broker")).noneMatch(line -> line.contains("ratio"));
    }

    @Test
    void shouldLeaveOutProcessorTimeThatNobodyCanTell() {
        add(FOUR, "broker", 30_000, Double.NaN);

        assertThat(lines("broker").get(2)).endsWith("| 4.00 |  |");
    }
}
