package io.penstock.bench.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.transport.TransportChoice;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedPlanTest {
    private static EmbeddedPlan plan(int valueBytes, int rate, int warmUp, int seconds) {
        return new EmbeddedPlan(null, valueBytes, rate, false, TransportChoice.NIO, Duration.ZERO, warmUp, seconds);
    }

    @Test
    void shouldScheduleRecordsOfWarmUpAndOfTheTimeThatCounts() {
        EmbeddedPlan plan = plan(8, 1_000, 2, 3);

        assertThat(plan.count()).isEqualTo(5_000);
        assertThat(plan.warmUpCount()).isEqualTo(2_000);
        assertThat(plan.scheduledNs(0)).isZero();
        assertThat(plan.scheduledNs(2_000)).isEqualTo(2_000_000_000L);
        assertThat(plan.scheduledNs(4_999)).isEqualTo(4_999_000_000L);
    }

    @Test
    void shouldCountFurtherThanAnIntDoes() {
        assertThat(plan(8, 1_000_000, 0, 3_600).count()).isEqualTo(3_600_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"7, 1, 0, 1", "8, 0, 0, 1", "8, 1, -1, 1", "8, 1, 0, 0"})
    void shouldRefuseWhatCannotBeRun(int valueBytes, int rate, int warmUp, int seconds) {
        assertThatThrownBy(() -> plan(valueBytes, rate, warmUp, seconds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(": " + valueBytes + ", " + rate + ", " + warmUp + ", " + seconds);
    }
}
