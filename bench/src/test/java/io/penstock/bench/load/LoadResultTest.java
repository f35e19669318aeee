package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class LoadResultTest {
    private static LoadResult thousand() {
        Histogram latencyNs = new Histogram(3);
        for (int micros = 1; micros <= 1_000; micros++) {
            latencyNs.recordValue(micros * 1_000L);
        }
        return new LoadResult(latencyNs, 2_000_000_000L, 50_000_000L);
    }

    @Test
    void shouldTellRatesAndPercentilesInOneLine() {
        assertThat(thousand().line())
                .isEqualTo("requests 1000  500/s  25.0 MB/s  latency us: p50 500.2  p90 900.1  p99 990.2  p99.9 999.4"
                        + "  max 1000.4");
    }

    @Test
    void shouldWritePointsInNumbersWhereverItRuns() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);

            assertThat(thousand().line()).contains("25.0 MB/s").doesNotContain(",");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void shouldTellThatNothingWasMeasured() {
        assertThat(new LoadResult(new Histogram(3), 0, 0).line()).startsWith("requests 0  0/s  0.0 MB/s");
    }

    @Test
    void shouldGivePercentilesInMicroseconds() {
        assertThat(thousand().micros(50)).isBetween(499.0, 501.0);
        assertThat(thousand().micros(100)).isBetween(999.0, 1_001.0);
    }
}
