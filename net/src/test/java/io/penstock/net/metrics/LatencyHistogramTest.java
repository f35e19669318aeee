package io.penstock.net.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Test
    void shouldPutEveryDurationIntoABucketNotWiderThanAnEighth() {
        Random random = new Random(42);
        for (int i = 0; i < 100_000; i++) {
            // given
            long valueNs = random.nextLong() >>> (17 + random.nextInt(46));
            long inRange = Math.min(valueNs, LatencyHistogram.MAX_NS - 1);

            // when
            int bucket = LatencyHistogram.bucketOf(inRange);

            // then
            long upper = LatencyHistogram.upperBoundNs(bucket);
            assertThat(upper).isGreaterThanOrEqualTo(inRange);
            assertThat(upper - inRange).isLessThanOrEqualTo(inRange / 8);
            assertThat(bucket).isBetween(0, LatencyHistogram.BUCKETS - 1);
        }
    }

    @Test
    void shouldClampWhatIsOutOfRange() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();

        // when
        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);

        // then
        HistogramSums sums = sumsOf(histogram);
        assertThat(sums.count()).isEqualTo(2);
        assertThat(sums.quantileNs(0.5)).isZero();
        assertThat(sums.maxNs()).isEqualTo(LatencyHistogram.MAX_NS - 1);
    }

    @Test
    void shouldAnswerQuantilesOfSeveralThreads() {
        // given
        LatencyHistogram one = new LatencyHistogram();
        LatencyHistogram other = new LatencyHistogram();
        for (int micros = 1; micros <= 1000; micros++) {
            (micros % 2 == 0 ? one : other).record(TimeUnit.MICROSECONDS.toNanos(micros));
        }

        // when
        HistogramSums sums = sumsOf(one, other);

        // then
        assertThat(sums.count()).isEqualTo(1000);
        assertThat(sums.quantileNs(0.5) / 1e3).isCloseTo(500, within(63.0));
        assertThat(sums.quantileNs(0.99) / 1e3).isCloseTo(990, within(124.0));
        assertThat(sums.sumNs() / 1e3).isEqualTo(500_500);
        assertThat(sums.countUpTo(TimeUnit.MICROSECONDS.toNanos(100))).isBetween(88L, 100L);
    }

    @Test
    void shouldForgetWhatIsMoreThanAMinuteOld() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();
        RecentHistogram recent = new RecentHistogram(0);
        histogram.record(TimeUnit.SECONDS.toNanos(1));
        recent.update(sumsOf(histogram), TimeUnit.SECONDS.toNanos(30));

        // when
        histogram.record(TimeUnit.MILLISECONDS.toNanos(1));
        HistogramSums last = recent.update(sumsOf(histogram), TimeUnit.SECONDS.toNanos(90));

        // then
        assertThat(last.count()).isEqualTo(1);
        assertThat(last.maxNs()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void shouldStillKnowWhatIsLessThanAMinuteOld() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();
        RecentHistogram recent = new RecentHistogram(0);
        histogram.record(TimeUnit.SECONDS.toNanos(1));

        // when
        recent.update(sumsOf(histogram), TimeUnit.SECONDS.toNanos(30));
        HistogramSums last = recent.update(sumsOf(histogram), TimeUnit.SECONDS.toNanos(59));

        // then
        assertThat(last.count()).isEqualTo(1);
    }

    private static HistogramSums sumsOf(LatencyHistogram... histograms) {
        HistogramSums sums = new HistogramSums();
        for (LatencyHistogram histogram : histograms) {
            histogram.addTo(sums);
        }
        return sums;
    }
}
