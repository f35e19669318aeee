package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AutoCreateLimiterTest {
    private static int acquireAll(AutoCreateLimiter limiter, long nowMs) {
        int acquired = 0;
        while (limiter.tryAcquire(nowMs)) {
            acquired++;
        }
        return acquired;
    }

    @Test
    void shouldAllowTenSecondsWorthAtOnce() {
        assertThat(acquireAll(new AutoCreateLimiter(100), 5)).isEqualTo(1000);
    }

    @Test
    void shouldRefillSteadily() {
        // given
        AutoCreateLimiter limiter = new AutoCreateLimiter(100);
        acquireAll(limiter, 0);

        // then
        assertThat(acquireAll(limiter, 50)).isEqualTo(5);
        assertThat(acquireAll(limiter, 60)).isEqualTo(1);
    }

    @Test
    void shouldNotSaveUpMoreThanTheBurst() {
        // given
        AutoCreateLimiter limiter = new AutoCreateLimiter(1);
        acquireAll(limiter, 0);

        // then
        assertThat(acquireAll(limiter, 1_000_000_000)).isEqualTo(10);
    }

    @Test
    void shouldTakeAClockThatStartsBelowZero() {
        assertThat(acquireAll(new AutoCreateLimiter(1), -5_000_000)).isEqualTo(10);
    }
}
