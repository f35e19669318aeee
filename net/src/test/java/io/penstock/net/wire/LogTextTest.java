package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogTextTest {
    @Test
    void shouldKeepOrdinaryNames() {
        assertThat(LogText.clean("billing-service.v2 (größer)")).isEqualTo("billing-service.v2 (größer)");
    }

    @Test
    void shouldLeaveNoWayToBreakTheLine() {
        assertThat(LogText.clean("a\nb\rc\u001b[31m\u2028d\u202ee\u0000")).isEqualTo("a?b?c?[31m?d?e?");
    }

    @Test
    void shouldCutLongText() {
        assertThat(LogText.clean("x".repeat(10_000))).hasSize(129).endsWith("…");
    }
}
