package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ResultTableTest {
    private static final Figure CLOSED = Figure.all().get(0);
    private static final Figure FAN_OUT = Figure.all().get(Figure.all().size() - 1);

    private final Results results = new Results();

    private List<String> lines(Figure... figures) {
        return List.of(ResultTable.of(results, List.of(figures)).split("\n", -1));
    }

    private void add(Figure figure, String contender, double... numbers) {
        results.add(figure.name(), contender, numbers);
    }

    @Test
    void shouldGiveMedianSpreadAndRatio() {
        // given
        add(CLOSED, "penstock", 30, 80, 150);
        add(CLOSED, "penstock", 40, 90, 250);
        add(CLOSED, "penstock", 20, 100, 2_500);
        add(CLOSED, "kafka", 100, 180, 1_000);
        add(CLOSED, "echo", 60, 45, 125);

        // then
        assertThat(lines(CLOSED))
                .startsWith(
                        "| figure | | Penstock | Kafka | ratio | asked for | echo |",
                        "| --- | --- | --- | --- | --- | --- | --- |",
                        "| closed loop, acks=1 | p50 µs | 30.0 (20.0–40.0) | 100.0 (100.0–100.0) | 0.30 | ≤ 0.5 | 0.50 |",
                        "|  | p99 µs | 90.0 (80.0–100.0) | 180.0 (180.0–180.0) | 0.50 | ≤ 0.5 | 2.00 |",
                        "|  | p99.9 µs | 250.0 (150.0–2500) | 1000 (1000–1000) | 0.25 | ≤ 0.3 | 2.00 |");
    }

    @Test
    void shouldMarkWhatIsMissed() {
        add(CLOSED, "penstock", 51, 50, 31);
        add(CLOSED, "kafka", 100, 100, 100);

        assertThat(lines(CLOSED).subList(2, 5))
                .extracting(line -> line.contains("**missed**"))
                .containsExactly(true, false, true);
    }

    @Test
    void shouldNotJudgeWithoutKafka() {
        add(CLOSED, "penstock", 30, 80, 150);

        assertThat(lines(CLOSED))
                .contains("| closed loop, acks=1 | p50 µs | 30.0 (30.0–30.0) |  |  | ≤ 0.5 |  |")
                .noneMatch(line -> line.contains("NaN"));
    }

    @Test
    void shouldShowWhatHasNoLimit() {
        add(FAN_OUT, "penstock", 100, 1);
        add(FAN_OUT, "kafka", 100, 1.5);

        assertThat(lines(FAN_OUT).get(2)).endsWith("| MB/s | 100.0 (100.0–100.0) | 100.0 (100.0–100.0) | 1.00 |  |  |");
        assertThat(lines(FAN_OUT).get(3)).endsWith("| 1.000 (1.000–1.000) | 1.500 (1.500–1.500) | 0.67 | ≤ 0.8 |  |");
    }

    @Test
    void shouldEndWithTheStart() {
        results.add(Comparison.START, "penstock", new double[] {0.5, 100});
        results.add(Comparison.START, "kafka", new double[] {1, 400});

        assertThat(lines())
                .endsWith(
                        "| cold start to first ack, memory idle after it | s | 0.500 (0.500–0.500) | 1.000 (1.000–1.000)"
                                + " | 0.50 | ≤ 0.25 **missed** |  |",
                        "|  | MB resident | 100.0 (100.0–100.0) | 400.0 (400.0–400.0) | 0.25 | ≤ 0.5 |  |",
                        "");
    }
}
