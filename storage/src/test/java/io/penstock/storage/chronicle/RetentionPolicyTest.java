package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes, whatever the records say about their time. */
class RetentionPolicyTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final long HOUR_MS = 3_600_000;

    @Test
    void shouldExpireByTheRecordsTime() {
        // given
        SegmentFacts old = segment(0, NOW_MS - 3 * HOUR_MS, NOW_MS - HOUR_MS);
        SegmentFacts young = segment(10, NOW_MS - HOUR_MS, NOW_MS - HOUR_MS);

        // when, then
        assertThat(keepingMs(2 * HOUR_MS).countToDelete(List.of(old, young), 200))
                .isEqualTo(1);
    }

    @Test
    void shouldExpireByTheTimeOfTheAppendWhereRecordsHaveNone() {
        // given
        SegmentFacts old = segment(0, -1, NOW_MS - 3 * HOUR_MS);
        SegmentFacts young = segment(10, -1, NOW_MS - HOUR_MS);

        // when, then
        assertThat(keepingMs(2 * HOUR_MS).countToDelete(List.of(old, young), 200))
                .isEqualTo(1);
    }

    @Test
    void shouldNotKeepForEverWhatIsStampedWithTheFuture() {
        // given
        SegmentFacts old = segment(0, NOW_MS * 100, NOW_MS - 3 * HOUR_MS);

        // when, then
        assertThat(keepingMs(2 * HOUR_MS).countToDelete(List.of(old), 100)).isEqualTo(1);
    }

    @Test
    void shouldStopAtTheFirstSegmentThatStays() {
        // given
        SegmentFacts young = segment(0, NOW_MS, NOW_MS);
        SegmentFacts old = segment(10, NOW_MS - 3 * HOUR_MS, NOW_MS - 3 * HOUR_MS);

        // when, then
        assertThat(keepingMs(2 * HOUR_MS).countToDelete(List.of(young, old), 200))
                .isZero();
    }

    @Test
    void shouldDeleteNothingWhenTheClockIsBehind() {
        // given
        SegmentFacts segment = segment(0, NOW_MS - 3 * HOUR_MS, NOW_MS - 3 * HOUR_MS);

        // when
        RetentionPolicy in1970 = new RetentionPolicy(config(2 * HOUR_MS), 1000, 0, Long.MAX_VALUE);

        // then
        assertThat(in1970.countToDelete(List.of(segment), 100)).isZero();
        assertThat(in1970.isOldEnoughToRoll(NOW_MS, NOW_MS, 0)).isFalse();
    }

    @Test
    void shouldDeleteWhatIsBelowTheStartWhateverThePolicy() {
        // given
        LogConfig c = LogConfig.DEFAULT;
        LogConfig compacted = new LogConfig(100, c.segmentMs(), 0, 0, 1, false, 0, 0, 0, c.producerIdExpirationMs());
        SegmentFacts below = segment(0, NOW_MS, NOW_MS);
        SegmentFacts above = segment(10, 0, 0);

        // when
        RetentionPolicy policy = new RetentionPolicy(compacted, NOW_MS, 10, Long.MAX_VALUE);

        // then
        assertThat(policy.countToDelete(List.of(below, above), 200)).isEqualTo(1);
    }

    private static RetentionPolicy keepingMs(long retentionMs) {
        return new RetentionPolicy(config(retentionMs), NOW_MS, 0, Long.MAX_VALUE);
    }

    private static LogConfig config(long retentionMs) {
        LogConfig c = LogConfig.DEFAULT;
        return new LogConfig(100, c.segmentMs(), 0, -1, retentionMs, true, 0, 0, 0, c.producerIdExpirationMs());
    }

    /** Ten records, 100 bytes. */
    private static SegmentFacts segment(long baseOffset, long maxTimestampMs, long lastAppendMs) {
        return new SegmentFacts(
                (int) baseOffset + 1,
                baseOffset,
                baseOffset + 10,
                500,
                100,
                0,
                maxTimestampMs,
                lastAppendMs,
                0,
                false,
                true);
    }
}
