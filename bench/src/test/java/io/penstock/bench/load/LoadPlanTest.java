package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoadPlanTest {
    private static LoadPlan plan(
            int acks,
            int records,
            int valueBytes,
            int rate,
            int window,
            int connections,
            int threads,
            int warmUp,
            int seconds) {
        return new LoadPlan(
                Scenario.CLOSED,
                Plans.NOBODY,
                "t",
                (short) acks,
                records,
                valueBytes,
                rate,
                window,
                connections,
                threads,
                warmUp,
                seconds,
                true);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 1, 1, 1, 0, 1, records",
        "1, 0, 0, 1, 1, 1, 0, 1, rate",
        "1, 0, 1, 0, 1, 1, 0, 1, window",
        "1, 0, 1, 1, 0, 1, 0, 1, connections",
        "1, 0, 1, 1, 1, 0, 0, 1, client threads",
        "1, 0, 1, 1, 1, 1, 0, 0, seconds",
        "1, -1, 1, 1, 1, 1, 0, 1, bytes",
        "1, 0, 1, 1, 1, 1, -1, 1, warm-up"
    })
    void shouldNameWhatIsTooSmall(
            int records,
            int valueBytes,
            int rate,
            int window,
            int connections,
            int threads,
            int warmUp,
            int seconds,
            String name) {
        assertThatThrownBy(() -> plan(1, records, valueBytes, rate, window, connections, threads, warmUp, seconds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -2})
    void shouldRefuseAcksThatGiveNoLatency(int acks) {
        assertThatThrownBy(() -> plan(acks, 1, 100, 1, 1, 1, 1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acks must be 1 or all");
    }

    @Test
    void shouldCountTheWarmUpAsPartOfTheWholeTime() {
        LoadPlan plan = plan(-1, 1, 0, 1, 1, 1, 1, 2, 3);

        assertThat(plan.warmUpNs()).isEqualTo(2_000_000_000L);
        assertThat(plan.totalNs()).isEqualTo(5_000_000_000L);
    }
}
