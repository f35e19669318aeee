package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SegmentLayoutTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 1_000, 1_001})
    void shouldPutAWordBeforeEachBatchAndBeginAtAMultipleOfIt(int batchBytes) {
        SegmentLayout layout = new SegmentLayout(batchBytes, 3);

        assertThat(layout.position(0)).isEqualTo(4);
        for (int i = 0; i < 3; i++) {
            int end = layout.position(i) + batchBytes;
            int next = i == 2 ? layout.fileBytes() : layout.position(i + 1) - SegmentLayout.WORD_BYTES;
            assertThat(layout.position(i) % 4).isZero();
            assertThat(next - end).isBetween(0, 3);
        }
    }

    @Test
    void shouldFillASegment() {
        assertThat(SegmentLayout.filling(1_004 * 10 + 5, 1_000)).isEqualTo(new SegmentLayout(1_000, 10));
    }

    @Test
    void shouldHoldOneBatchAtLeast() {
        assertThat(SegmentLayout.filling(10, 1_000)).isEqualTo(new SegmentLayout(1_000, 1));
        assertThat(new SegmentLayout(1_000, 1).batchesIn(10)).isEqualTo(1);
    }

    @Test
    void shouldCountPayloadWithoutWords() {
        assertThat(new SegmentLayout(1_001, 3).payloadBytes()).isEqualTo(3_003);
        assertThat(new SegmentLayout(1_000, 3).batchesIn(2_999)).isEqualTo(2);
    }

    @Test
    void shouldRefuseMoreThanCanBeMapped() {
        assertThatThrownBy(() -> new SegmentLayout(1 << 20, 2_048)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SegmentLayout(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SegmentLayout(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
