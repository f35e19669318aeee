package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.load.Scenario;
import org.junit.jupiter.api.Test;

final class CurvesTest {
    @Test
    void shouldGrowFromOneConnectionToAThousandAndThenToAMegabyte() {
        assertThat(Curves.all())
                .extracting(Figure::name)
                .containsExactly(
                        "connections: 1",
                        "connections: 4",
                        "connections: 16",
                        "connections: 64",
                        "connections: 256",
                        "connections: 1,000",
                        "value of 10 B",
                        "value of 100 B",
                        "value of 1,000 B",
                        "value of 10,000 B",
                        "value of 100,000 B",
                        "value of 1,000,000 B");
    }

    @Test
    void shouldBeLoadsWithOneRequestInFlightOnEachConnection() {
        assertThat(Figure.ofConnections(64)).satisfies(point -> {
            assertThat(point.scenario()).isEqualTo(Scenario.CONNECTIONS);
            assertThat(point.connections()).isEqualTo(64);
            assertThat(point.valueBytes()).isEqualTo(100);
        });
        assertThat(Figure.ofSize(10_000)).satisfies(point -> {
            assertThat(point.scenario()).isEqualTo(Scenario.CLOSED);
            assertThat(point.valueBytes()).isEqualTo(10_000);
        });
    }

    @Test
    void shouldHaveNoLimits() {
        assertThat(Curves.all()).flatExtracting(Figure::metrics).noneMatch(Metric::hasLimit);
    }
}
