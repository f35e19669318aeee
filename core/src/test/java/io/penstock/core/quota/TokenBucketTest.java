package io.penstock.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Quota;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final QuotaWindow WINDOW = new QuotaWindow(11, 1_000);

    private final TokenBucket bucket = new TokenBucket(WINDOW);

    @Test
    void shouldBeginFullAndRefillNoFurther() {
        assertThat(bucket.tokens(5, 0)).isEqualTo(55);
        assertThat(bucket.tryTake(5, 5, 0)).isTrue();
        assertThat(bucket.tokens(5, 0)).isEqualTo(50);
        assertThat(bucket.tokens(5, 60_000)).isEqualTo(55);
    }

    @Test
    void shouldAdmitTheLastTakerWholeAndThenRefuseUntilItIsEven() {
        // given
        assertThat(bucket.tryTake(60, 5, 0)).isTrue();

        // then
        assertThat(bucket.throttleMs(5, 0)).isEqualTo(1_000);
        assertThat(bucket.tryTake(1, 5, 999)).isFalse();
        assertThat(bucket.throttleMs(5, 999)).isEqualTo(1);
        assertThat(bucket.tryTake(1, 5, 1_000)).isTrue();
    }

    @Test
    void shouldOverdrawFurtherWhenTold() {
        // given
        bucket.take(60, 5, 0);

        // when
        bucket.take(5, 5, 0);

        // then
        assertThat(bucket.throttleMs(5, 0)).isEqualTo(2_000);
    }

    @Test
    void shouldFollowAChangedRate() {
        // given
        bucket.take(60, 5, 0);

        // then
        assertThat(bucket.throttleMs(10, 0)).isEqualTo(500);
        assertThat(bucket.tokens(1, 3_600_000)).isEqualTo(11);
    }

    @Test
    void shouldAgreeWithKafkasTokenBucket() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        var kafkas = new org.apache.kafka.common.metrics.stats.TokenBucket();
        MetricConfig config = new MetricConfig()
                .samples(WINDOW.samples())
                .timeWindow(WINDOW.sampleMs(), TimeUnit.MILLISECONDS)
                .quota(new Quota(5, true));
        long nowMs = 10_000_000;
        for (int i = 0; i < 3_000; i++) {
            // when
            nowMs += random.nextInt(2_000);
            int count = random.nextInt(10);
            bucket.take(count, 5, nowMs);
            kafkas.record(config, count, nowMs);

            // then
            assertThat(bucket.tokens(5, nowMs))
                    .as("seed %s, step %s", seed, i)
                    .isCloseTo(kafkas.measure(config, nowMs), within(1e-6));
        }
    }
}
