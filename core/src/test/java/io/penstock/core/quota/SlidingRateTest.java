package io.penstock.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlidingRateTest {
    private static final QuotaWindow WINDOW = QuotaWindow.DEFAULT;

    private final SlidingRate rate = new SlidingRate(WINDOW);

    @Test
    void shouldCountAShortHistoryAsAWholeWindow() {
        // when
        rate.record(5_000, 0);

        // then
        assertThat(rate.perSecond(0)).isEqualTo(500);
        assertThat(rate.perSecond(500)).isCloseTo(5_000 / 10.5, within(1e-9));
    }

    @Test
    void shouldForgetWhatIsOlderThanTheWindow() {
        // given
        rate.record(5_000, 0);

        // then
        assertThat(rate.perSecond(10_999)).isPositive();
        assertThat(rate.perSecond(11_000)).isZero();
        rate.record(1_000, 20_000);
        assertThat(rate.perSecond(20_000)).isEqualTo(100);
    }

    @Test
    void shouldThrottleForAsLongAsTheRateNeedsToComeDown() {
        // given
        assertThat(rate.recordAndThrottleMs(1, 500, 0)).isZero();
        assertThat(rate.recordAndThrottleMs(4_999, 500, 9_999)).isZero();

        // when
        long throttleMs = rate.recordAndThrottleMs(1_000, 500, 10_000);

        // then
        assertThat(throttleMs).isEqualTo(2_000);
        assertThat(rate.throttleMs(500, 10_500)).isEqualTo(1_500);
    }

    @Test
    void shouldTakeBackWhatWasNotSent() {
        // given
        rate.record(6_000, 0);

        // when
        rate.record(-6_000, 0);

        // then
        assertThat(rate.perSecond(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"11, 1000", "1, 1000", "2, 5000", "100, 20"})
    void shouldAgreeWithKafkasRate(int samples, long sampleMs) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SlidingRate ours = new SlidingRate(new QuotaWindow(samples, sampleMs));
        Rate kafkas = new Rate();
        MetricConfig config = new MetricConfig().samples(samples).timeWindow(sampleMs, TimeUnit.MILLISECONDS);
        long nowMs = 1_000_000;
        for (int i = 0; i < 3_000; i++) {
            // when
            boolean isPause = random.nextInt(20) == 0;
            nowMs += random.nextLong(isPause ? 3L * samples * sampleMs : sampleMs);
            int amount = random.nextInt(10_000);
            ours.record(amount, nowMs);
            kafkas.record(config, amount, nowMs);

            // then
            assertThat(ours.perSecond(nowMs))
                    .as("seed %s, step %s", seed, i)
                    .isCloseTo(kafkas.measure(config, nowMs), within(1e-6));
        }
    }

    @Test
    void shouldLoseNothingThatThreadsRecordTogether() throws InterruptedException {
        // given
        int threadCount = 4;
        int each = 50_000;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < threadCount; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    rate.record(1, i / 10); // five samples, begun by whoever comes first
                }
            }));
        }

        // when
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        // then
        assertThat(rate.perSecond(5_000) * 10).isCloseTo(threadCount * each, within(1e-6));
    }
}
