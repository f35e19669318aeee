package io.penstock.net.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SpinForecastTest {
    private static final long WINDOW_NS = 50_000;

    private final SpinForecast forecast = new SpinForecast(WINDOW_NS);

    @Test
    void shouldSleepAtOnceUntilSomethingHasComeSoon() {
        assertThat(forecast.nextNs()).isZero();
        forecast.onSlept(false, 10 * WINDOW_NS);
        assertThat(forecast.nextNs()).isZero();

        // when: woken so soon that it need not have slept, but for the time that this takes
        forecast.onSlept(false, 2 * WINDOW_NS);

        // then
        assertThat(forecast.nextNs()).isEqualTo(WINDOW_NS);
    }

    @Test
    void shouldGoOnAsLongAsItFinds() {
        forecast.onSlept(false, WINDOW_NS);
        for (int i = 0; i < 100_000; i++) {
            assertThat(forecast.nextNs()).isEqualTo(WINDOW_NS);
            forecast.onFound();
        }
    }

    @Test
    void shouldSleepAtOnceAfterALongWait() {
        forecast.onSlept(false, WINDOW_NS);
        assertThat(forecast.nextNs()).isPositive();

        // when
        forecast.onSlept(true, 100 * WINDOW_NS);

        // then
        assertThat(forecast.nextNs()).isZero();
    }

    @Test
    void shouldHardlyEverLookWhenWorkAlwaysComesALittleTooLate() {
        assertThat(looks(100_000, false)).isBetween(10, 100);
    }

    @Test
    void shouldHardlyEverLookWhenEveryShortWaitIsFollowedByALongOne() {
        assertThat(looks(100_000, true)).isBetween(10, 200);
    }

    @Test
    void shouldLookAgainSoonerOrLaterWhenWorkComesSoonAgain() {
        looks(100_000, false);
        int waits = 0;
        while (forecast.nextNs() == 0) {
            forecast.onSlept(false, WINDOW_NS);
            waits++;
            assertThat(waits).isLessThanOrEqualTo(4096);
        }
        for (int i = 0; i < 8; i++) {
            forecast.onFound();
            assertThat(forecast.nextNs()).isPositive();
        }
    }

    @Test
    void shouldNeverLookWithoutAWindow() {
        SpinForecast never = new SpinForecast(0);
        never.onSlept(false, 0);
        assertThat(never.nextNs()).isZero();
    }

    /** How often it looks in vain in so many waits, which all take a little longer than the window, or every other much longer. */
    private int looks(int waits, boolean everyOtherIsLong) {
        int looks = 0;
        for (int i = 0; i < waits; i++) {
            boolean looked = forecast.nextNs() > 0;
            looks += looked ? 1 : 0;
            boolean isLong = everyOtherIsLong && i % 2 == 1;
            forecast.onSlept(looked, isLong ? 1_000 * WINDOW_NS : WINDOW_NS + 10_000);
        }
        return looks;
    }
}
