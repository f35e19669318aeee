package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.compare.Results.Spread;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ResultsTest {
    private final Results results = new Results();

    private static Histogram of(long... values) {
        Histogram histogram = new Histogram(3);
        for (long value : values) {
            histogram.recordValue(value);
        }
        return histogram;
    }

    private void addRounds(double... values) {
        for (double value : values) {
            results.add("figure", "penstock", new double[] {-1, value});
        }
    }

    @Test
    void shouldTakeTheMiddleOfAnOddNumberOfRounds() {
        addRounds(9, 1, 5);

        assertThat(results.spread("figure", "penstock", 1)).isEqualTo(new Spread(5, 1, 9));
    }

    @Test
    void shouldTakeTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        addRounds(9, 1, 4, 5);

        assertThat(results.spread("figure", "penstock", 1)).isEqualTo(new Spread(4.5, 1, 9));
    }

    @Test
    void shouldTakeTheOnlyRoundForAll() {
        addRounds(3);

        assertThat(results.spread("figure", "penstock", 1)).isEqualTo(new Spread(3, 3, 3));
    }

    @Test
    void shouldHaveNoNumbersOfWhomNobodyMeasured() {
        addRounds(3);

        assertThat(results.spread("figure", "kafka", 1).median()).isNaN();
        assertThat(results.spread("another", "penstock", 1).median()).isNaN();
    }

    @Test
    void shouldJoinLatenciesOfAllRounds() {
        // given
        Histogram first = of(10, 20);

        // when
        results.add("figure", "penstock", first);
        results.add("figure", "penstock", of(30));

        // then
        Histogram joined = Objects.requireNonNull(
                results.latencies().getOrDefault("figure", Map.of()).get("penstock"));
        assertThat(joined.getTotalCount()).isEqualTo(3);
        assertThat(joined.getMaxValue()).isEqualTo(30);
        assertThat(first.getTotalCount()).isEqualTo(2);
    }
}
