package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThreadsTest {
    @ParameterizedTest
    @ValueSource(longs = {-1_000_000, 0, 50_000, 5_000_000})
    void shouldNeverComeBackBeforeItsTime(long fromNowNs) {
        long deadlineNs = System.nanoTime() + fromNowNs;

        Threads.awaitNs(deadlineNs);

        assertThat(System.nanoTime() - deadlineNs).isNotNegative();
    }
}
