package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class MemoryFillTest {
    @Test
    void shouldDoNothingWhenThereIsNone() {
        assertThatCode(() -> {
                    try (MemoryFill none = MemoryFill.none()) {
                        none.refill();
                    }
                })
                .doesNotThrowAnyException();
    }
}
