package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MetricTest {
    @Test
    void shouldHoldUpToAMost() {
        Metric metric = Metric.atMost("p50 µs", 0.5);

        assertThat(metric.hasLimit()).isTrue();
        assertThat(metric.holds(0.5)).isTrue();
        assertThat(metric.holds(0.51)).isFalse();
    }

    @Test
    void shouldHoldFromALeastOn() {
        Metric metric = Metric.atLeast("requests/s", 2);

        assertThat(metric.hasLimit()).isTrue();
        assertThat(metric.holds(2)).isTrue();
        assertThat(metric.holds(1.99)).isFalse();
    }

    @Test
    void shouldHaveNoLimitWhenItIsOnlyShown() {
        assertThat(Metric.shown("MB/s").hasLimit()).isFalse();
    }
}
