package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ScenarioTest {
    @ParameterizedTest
    @EnumSource(Scenario.class)
    void shouldBeFoundByItsLabel(Scenario scenario) {
        assertThat(Scenario.of(scenario.label())).isEqualTo(scenario);
    }

    @Test
    void shouldHaveTheLabelsOfTheCommandLine() {
        assertThat(Scenario.values())
                .extracting(Scenario::label)
                .containsExactly("closed", "connections", "open", "pipelined", "end-to-end", "read-back", "fan-out");
    }

    @Test
    void shouldTellWhatThereIsWhenThereIsNoSuchOne() {
        assertThatThrownBy(() -> Scenario.of("nonsense"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed, connections, open")
                .hasMessageContaining("'nonsense'");
    }
}
