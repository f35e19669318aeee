package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SamplesTest {
    private static final long BEGIN_NS = -7_000;
    private static final long WARM_UP_NS = 1_000;

    private int warmed;

    private final Samples samples = new Samples(BEGIN_NS, WARM_UP_NS, () -> warmed++);

    private static void record(Samples samples, long sentNs, long latencyNs, long bytes) {
        samples.record(BEGIN_NS + sentNs, BEGIN_NS + sentNs + latencyNs, bytes);
    }

    @Test
    void shouldLeaveOutWhatWasSentDuringTheWarmUp() {
        // when
        record(samples, 0, 10, 100);
        record(samples, 999, 5_000, 100);

        // then
        assertThat(samples.result().latencyNs().getTotalCount()).isZero();
        assertThat(samples.result().payloadBytes()).isZero();
        assertThat(samples.result().elapsedNs()).isZero();
        assertThat(warmed).isZero();
    }

    @Test
    void shouldCountFromTheEndOfTheWarmUpOn() {
        // when
        record(samples, 1_000, 10, 100);
        record(samples, 1_500, 20, 100);

        // then
        assertThat(samples.result().latencyNs().getTotalCount()).isEqualTo(2);
        assertThat(samples.result().latencyNs().getMaxValue()).isEqualTo(20);
        assertThat(samples.result().payloadBytes()).isEqualTo(200);
        assertThat(samples.result().elapsedNs()).isEqualTo(520);
    }

    @Test
    void shouldSayOnceThatItIsWarm() {
        record(samples, 1_000, 10, 100);
        record(samples, 2_000, 10, 100);

        assertThat(warmed).isEqualTo(1);
    }

    @Test
    void shouldJoinWhatAnotherThreadHasMeasured() {
        // given
        Samples other = new Samples(BEGIN_NS, WARM_UP_NS, () -> {});
        record(samples, 2_000, 10, 1);
        record(other, 1_500, 30, 2);
        record(other, 2_500, 20, 4);

        // when
        samples.add(other);

        // then
        LoadResult result = samples.result();
        assertThat(result.latencyNs().getTotalCount()).isEqualTo(3);
        assertThat(result.latencyNs().getMaxValue()).isEqualTo(30);
        assertThat(result.payloadBytes()).isEqualTo(7);
        assertThat(result.elapsedNs()).isEqualTo(1_020);
    }

    @Test
    void shouldBeTheOthersWhenItHasNothingItself() {
        // given
        Samples other = new Samples(BEGIN_NS, WARM_UP_NS, () -> {});
        record(other, 1_500, 30, 2);

        // when
        samples.add(other);

        // then
        assertThat(samples.result().elapsedNs()).isEqualTo(30);
        assertThat(warmed).isZero();
    }

    @Test
    void shouldTakeALatencyOfMinutesForOne() {
        record(samples, 1_000, 3_600_000_000_000L, 1);

        assertThat(samples.result().latencyNs().getTotalCount()).isEqualTo(1);
        assertThat(samples.result().micros(100)).isGreaterThanOrEqualTo(60_000_000);
    }
}
