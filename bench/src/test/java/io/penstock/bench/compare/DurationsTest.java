package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {
    @Test
    void shouldAllowNeitherPreparationNorWarmUp() {
        assertThatCode(() -> new Durations(0, 0, 1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 1", "0, -1, 1", "0, 0, 0"})
    void shouldRefuseLess(int prepare, int warmUp, int counted) {
        assertThatThrownBy(() -> new Durations(prepare, warmUp, counted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("found " + prepare + ", " + warmUp + " and " + counted);
    }
}
