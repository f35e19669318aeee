package io.penstock.storage.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
    private static final long NOW_MS = 1_000_000;
    private static final CompactionConfig CONFIG = new CompactionConfig(true, 0, 0.5, 0, Long.MAX_VALUE, 1 << 20);

    @Test
    void shouldCountCleanAndDirtyBytes() {
        // given
        List<SegmentView> segments = List.of(segment(0, 10, 100), segment(10, 20, 200), segment(20, 30, 300));

        // when
        Cleanable found = policy(CONFIG, 30).cleanable(segments, 10);

        // then
        assertThat(found.cleanBytes()).isEqualTo(100);
        assertThat(found.dirtyBytes()).isEqualTo(500);
        assertThat(found.endOffset()).isEqualTo(30);
        assertThat(found.segmentCount()).isEqualTo(3);
        assertThat(found.dirtyRatio()).isEqualTo(500.0 / 600);
        assertThat(found.isDue()).isTrue();
    }

    @Test
    void shouldStopBeforeTheLastStableOffset() {
        // given
        List<SegmentView> segments = List.of(segment(0, 10, 100), segment(10, 20, 100), segment(20, 30, 100));

        // when
        Cleanable found = policy(CONFIG, 29).cleanable(segments, 0);

        // then
        assertThat(found.endOffset()).isEqualTo(20);
        assertThat(found.segmentCount()).isEqualTo(2);
    }

    @Test
    void shouldStopBeforeASegmentWhoseFilesAreNotFinished() {
        // given
        List<SegmentView> segments =
                List.of(segment(0, 10, 100), new SegmentView(10, 20, 100, 1, 1, false), segment(20, 30, 100));

        // when
        Cleanable found = policy(CONFIG, 30).cleanable(segments, 0);

        // then
        assertThat(found.endOffset()).isEqualTo(10);
    }

    @Test
    void shouldLeaveYoungSegmentsAlone() {
        // given
        CompactionConfig config = new CompactionConfig(true, 0, 0.5, 1_000, Long.MAX_VALUE, 1 << 20);
        List<SegmentView> segments =
                List.of(dated(0, 10, 1, NOW_MS - 1_000), dated(10, 20, 1, NOW_MS - 999), dated(20, 30, 1, 5));

        // when
        Cleanable found = policy(config, 30).cleanable(segments, 0);

        // then
        assertThat(found.endOffset()).isEqualTo(10);
    }

    @Test
    void shouldNotTakeCompactedSegmentsForYoung() {
        // given
        CompactionConfig config = new CompactionConfig(true, 0, 0.5, 1_000, Long.MAX_VALUE, 1 << 20);
        List<SegmentView> segments = List.of(dated(0, 10, 1, NOW_MS), dated(10, 20, 1, 5));

        // when
        Cleanable found = policy(config, 30).cleanable(segments, 10);

        // then
        assertThat(found.endOffset()).isEqualTo(20);
    }

    @Test
    void shouldNotBeDueAtExactlyTheRatio() {
        // given
        List<SegmentView> segments = List.of(segment(0, 10, 100), segment(10, 20, 100));

        // when
        Cleanable found = policy(CONFIG, 20).cleanable(segments, 10);

        // then
        assertThat(found.dirtyRatio()).isEqualTo(0.5);
        assertThat(found.isDue()).isFalse();
    }

    @Test
    void shouldBeDueWhenARecordHasWaitedTooLong() {
        // given
        CompactionConfig config = new CompactionConfig(true, 0, 1.0, 0, 5_000, 1 << 20);
        List<SegmentView> segments = List.of(segment(0, 10, 1_000), dated(10, 20, NOW_MS - 5_001, NOW_MS));

        // when
        Cleanable found = policy(config, 20).cleanable(segments, 10);

        // then
        assertThat(found.overdueMs()).isEqualTo(1);
        assertThat(found.isDue()).isTrue();
    }

    @Test
    void shouldNotBeDueWithoutDirtyBytesHoweverOld() {
        // given
        CompactionConfig config = new CompactionConfig(true, 0, 0.0, 0, 1, 1 << 20);
        List<SegmentView> segments = List.of(dated(0, 10, 1, 1));

        // when
        Cleanable found = policy(config, 10).cleanable(segments, 10);

        // then
        assertThat(found.isDue()).isFalse();
    }

    @Test
    void shouldJoinNeighboursThatFitIntoOneSegment() {
        // given
        List<SegmentView> segments =
                List.of(segment(0, 1, 40), segment(1, 2, 60), segment(2, 3, 1), segment(3, 4, 200), segment(4, 5, 99));

        // when
        List<Integer> groups = CompactionPolicy.group(segments, 100);

        // then
        assertThat(groups).containsExactly(2, 1, 1, 1);
    }

    private static CompactionPolicy policy(CompactionConfig config, long stableEndOffset) {
        return new CompactionPolicy(config, NOW_MS, stableEndOffset);
    }

    private static SegmentView segment(long baseOffset, long endOffset, long sizeBytes) {
        return new SegmentView(baseOffset, endOffset, sizeBytes, 1, 1, true);
    }

    private static SegmentView dated(long baseOffset, long endOffset, long firstMs, long maxMs) {
        return new SegmentView(baseOffset, endOffset, 100, firstMs, maxMs, true);
    }
}
