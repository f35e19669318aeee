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

    @Test
    void shouldForgetWhatIsRemovedAndKeepTheLargerPart() {
        range.add(100, 900);

        range.remove(200, 300);
        assertThat(range.covers(300, 900)).isTrue();
        assertThat(range.covers(100, 200)).as("the smaller part").isFalse();
        assertThat(range.covers(299, 300)).isFalse();

        range.remove(800, 2_000);
        assertThat(range.covers(300, 800)).isTrue();
        assertThat(range.covers(300, 801)).isFalse();
    }

    @Test
    void shouldForgetAllIfAllIsRemoved() {
        range.add(100, 200);

        range.remove(0, 100);
        range.remove(200, 300);
        assertThat(range.covers(100, 200)).as("untouched").isTrue();

        range.remove(100, 200);
        assertThat(range.covers(150, 151)).isFalse();
        range.remove(100, 200);
        assertThat(range.covers(150, 151)).isFalse();
    }
}
