package io.penstock.net.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Test
    void shouldTellEveryDurationToAHundredthOrToTheFinestStep() {
        Random random = new Random(42);
        LatencyHistogram histogram = new LatencyHistogram();
        for (int i = 0; i < 2_000; i++) {
            // given
            long durationNs = Math.min(random.nextLong() >>> (22 + random.nextInt(40)), LatencyHistogram.MAX_NS);

            // when
            histogram.record(durationNs);

            // then
            HistogramSums sums = sumsOf(histogram);
            assertThat(sums.maxNs()).isEqualTo(sums.quantileNs(0.5)).isGreaterThanOrEqualTo(durationNs);
            assertThat(sums.maxNs() - durationNs).isLessThan(Math.max(LatencyHistogram.FINEST_NS, durationNs / 100));
            assertThat(sums.sumNs()).isEqualTo(durationNs);
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
        assertThat(sums.quantileNs(0.5)).isLessThan(LatencyHistogram.FINEST_NS);
        assertThat(sums.maxNs()).isCloseTo(LatencyHistogram.MAX_NS, within(LatencyHistogram.MAX_NS / 100));
        assertThat(sums.sumNs()).isEqualTo(LatencyHistogram.MAX_NS);
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
        assertThat(sums.quantileNs(0.5) / 1e3).isCloseTo(500, within(5.0));
        assertThat(sums.quantileNs(0.99) / 1e3).isCloseTo(990, within(10.0));
        assertThat(sums.maxNs() / 1e3).isCloseTo(1000, within(10.0));
        assertThat(sums.sumNs() / 1e3).isEqualTo(500_500);
        assertThat(sums.countUpTo(TimeUnit.MICROSECONDS.toNanos(100))).isBetween(99L, 101L);
    }

    @Test
    void shouldAnswerZerosWhenNothingWasRecorded() {
        // given
        HistogramSums none = new HistogramSums();

        // when
        HistogramSums difference = none.since(none.snapshot());

        // then
        for (HistogramSums sums : new HistogramSums[] {none, difference}) {
            assertThat(sums.count()).isZero();
            assertThat(sums.quantileNs(0.99)).isZero();
            assertThat(sums.maxNs()).isZero();
        }
    }

    @Test
    void shouldCountEachRecordOnceHoweverOftenItIsCollected() throws Exception {
        // given
        int records = 300_000;
        LatencyHistogram histogram = new LatencyHistogram();
        HistogramSums sums = new HistogramSums();
        CountDownLatch begun = new CountDownLatch(1);
        Thread owner = new Thread(() -> {
            begun.countDown();
            for (int i = 0; i < records; i++) {
                histogram.record(i);
            }
        });

        // when
        owner.start();
        begun.await();
        while (owner.isAlive()) {
            sums.addNewOf(histogram);
        }
        owner.join();
        sums.addNewOf(histogram);

        // then
        assertThat(sums.count()).isEqualTo(records);
        assertThat(sums.sumNs()).isEqualTo(records * (records - 1L) / 2);
    }

    @Test
    void shouldAllocateNothingForARecord() {
        // given
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1);
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();

        // when
        for (int i = 0; i < 10_000; i++) {
            histogram.record(i * 1_000L);
        }

        // then
        assertThat(threads.getCurrentThreadAllocatedBytes() - beforeBytes).isLessThan(10_000);
    }

    @Test
    void shouldKnowWhatCameSinceASnapshot() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();
        HistogramSums sums = new HistogramSums();
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            HistogramSums earlier = sums.snapshot();
            LatencyHistogram twin = new LatencyHistogram();

            // when
            for (int i = 0; i < 500; i++) {
                long durationNs = random.nextLong() >>> (22 + random.nextInt(40));
                histogram.record(durationNs);
                twin.record(durationNs);
            }
            sums.addNewOf(histogram);

            // then
            HistogramSums since = sums.since(earlier);
            HistogramSums expected = sumsOf(twin);
            assertThat(since.count()).isEqualTo(expected.count());
            assertThat(since.sumNs()).isEqualTo(expected.sumNs());
            assertThat(since.quantileNs(0.5)).isEqualTo(expected.quantileNs(0.5));
            assertThat(since.quantileNs(0.999)).isEqualTo(expected.quantileNs(0.999));
        }
    }

    @Test
    void shouldForgetWhatIsMoreThanAMinuteOld() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();
        HistogramSums sums = new HistogramSums();
        RecentHistogram recent = new RecentHistogram(0);
        histogram.record(TimeUnit.SECONDS.toNanos(1));
        sums.addNewOf(histogram);
        recent.update(sums, TimeUnit.SECONDS.toNanos(30));

        // when
        histogram.record(TimeUnit.MILLISECONDS.toNanos(1));
        sums.addNewOf(histogram);
        HistogramSums last = recent.update(sums, TimeUnit.SECONDS.toNanos(90));

        // then
        assertThat(last.count()).isEqualTo(1);
        assertThat(last.maxNs()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void shouldStillKnowWhatIsLessThanAMinuteOld() {
        // given
        LatencyHistogram histogram = new LatencyHistogram();
        HistogramSums sums = new HistogramSums();
        RecentHistogram recent = new RecentHistogram(0);
        histogram.record(TimeUnit.SECONDS.toNanos(1));
        sums.addNewOf(histogram);

        // when
        recent.update(sums, TimeUnit.SECONDS.toNanos(30));
        HistogramSums last = recent.update(sums, TimeUnit.SECONDS.toNanos(59));

        // then
        assertThat(last.count()).isEqualTo(1);
    }

    private static HistogramSums sumsOf(LatencyHistogram... histograms) {
        HistogramSums sums = new HistogramSums();
        for (LatencyHistogram histogram : histograms) {
            sums.addNewOf(histogram);
        }
        return sums;
    }
}
