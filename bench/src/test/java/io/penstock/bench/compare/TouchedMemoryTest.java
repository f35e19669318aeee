package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TouchedMemoryTest {
    private static final long GIB = 1L << 30;

    @Test
    void shouldHoldFarLessThanItHasTouched() throws IOException {
        ProcessFacts process = new ProcessFacts(ProcessHandle.current().pid());
        long before = process.residentBytes();

        // when
        TouchedMemory memory = TouchedMemory.of(GIB);
        try (memory) {
            // then: one page in 64 of it, and what the process does meanwhile
            assertThat(process.residentBytes() - before).isBetween(GIB / 64, GIB / 8);
        }
        assertThat(process.residentBytes() - before).isLessThan(GIB / 8);
    }
}
