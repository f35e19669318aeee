package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class LoopDelaysTest {
    private static Histogram thousand() {
        Histogram ns = LoopDelays.histogram();
        for (int i = 1; i <= 1_000; i++) {
            ns.recordValue(i * 10_000L);
        }
        return ns;
    }

    @Test
    void shouldBeEmptyAtFirst() {
        LoopDelays none = LoopDelays.none();

        assertThat(none.lateNs().getTotalCount()).isZero();
        assertThat(none.heldUpNs().getTotalCount()).isZero();
        assertThat(none.blockedNs().getTotalCount()).isZero();
        assertThat(LoopDelays.percentiles(none.lateNs()))
                .isEqualTo("p50 0.00  p99 0.00  p99.9 0.00  p99.99 0.00  max 0.00");
    }

    @Test
    void shouldGivePercentilesInMilliseconds() {
        assertThat(LoopDelays.percentiles(thousand()))
                .isEqualTo("p50 5.00  p99 9.90  p99.9 9.99  p99.99 10.00  max 10.00");
    }

    @Test
    void shouldWritePointsInNumbersWhereverItRuns() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);

            assertThat(LoopDelays.percentiles(thousand())).doesNotContain(",");
        } finally {
            Locale.setDefault(usual);
        }
    }
}
