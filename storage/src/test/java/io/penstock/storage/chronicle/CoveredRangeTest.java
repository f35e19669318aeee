package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoveredRangeTest {
    private final CoveredRange range = new CoveredRange();

    @Test
    void shouldTrustNothingAtFirst() {
        assertThat(range.covers(0, 1)).isFalse();
    }

    @Test
    void shouldGrowByWhatTouchesIt() {
        range.add(100, 200);
        range.add(200, 300);
        range.add(50, 100);

        assertThat(range.covers(50, 300)).isTrue();
        assertThat(range.covers(49, 300)).isFalse();
        assertThat(range.covers(50, 301)).isFalse();
    }

    @Test
    void shouldNotTrustWhatLiesBetweenTwoParts() {
        range.add(100, 200);
        range.add(300, 350);

        assertThat(range.covers(100, 200)).isTrue();
        assertThat(range.covers(300, 350)).isFalse();
        assertThat(range.covers(100, 350)).isFalse();

        range.add(400, 900);
        assertThat(range.covers(400, 900)).isTrue();
        assertThat(range.covers(100, 200)).isFalse();
    }

    @Test
    void shouldTrustNothingOfSegmentThatThisProcessHasNotWritten() {
        range.add(Long.MAX_VALUE, 500);

        assertThat(range.covers(0, 500)).isFalse();
        range.add(100, 200);
        assertThat(range.covers(100, 200)).isTrue();
        assertThat(range.covers(0, 500)).isFalse();
    }
}
