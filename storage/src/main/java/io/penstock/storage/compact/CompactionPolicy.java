package io.penstock.storage.compact;

import io.penstock.storage.CompactionConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which segments may be compacted, as Kafka's cleaner does: the oldest ones, never the active one, none that holds a record at
 * or above the last stable offset or, if it was not compacted before, one younger than {@code min.compaction.lag.ms}. Pure.
 */
public final class CompactionPolicy {
    private final CompactionConfig config;
    private final long nowMs;
    private final long stableEndOffset;

    /** @param stableEndOffset the last stable offset: nothing at or above it is touched */
    public CompactionPolicy(CompactionConfig config, long nowMs, long stableEndOffset) {
        this.config = config;
        this.nowMs = nowMs;
        this.stableEndOffset = stableEndOffset;
    }

    /**
     * What may be compacted.
     *
     * @param segments sealed segments, oldest first, without gaps
     * @param firstDirtyOffset where the last run ended, at or above the log's start
     */
    public Cleanable cleanable(List<SegmentView> segments, long firstDirtyOffset) {
        int count = 0;
        long cleanBytes = 0;
        long dirtyBytes = 0;
        long endOffset = firstDirtyOffset;
        boolean open = true;
        long overdueMs = 0;
        for (SegmentView segment : segments) {
            boolean dirty = segment.endOffset() > firstDirtyOffset;
            open &= mayCompact(segment, dirty);
            if (open) {
                count++;
                endOffset = Math.max(endOffset, segment.endOffset());
                cleanBytes += dirty ? 0 : segment.sizeBytes();
                dirtyBytes += dirty ? segment.sizeBytes() : 0;
            }
            overdueMs = dirty ? Math.max(overdueMs, overdueMs(segment)) : overdueMs;
        }
        return new Cleanable(
                firstDirtyOffset, endOffset, count, cleanBytes, dirtyBytes, overdueMs, config.minDirtyRatio());
    }

    private boolean mayCompact(SegmentView segment, boolean dirty) {
        boolean tooYoung = dirty && config.minLagMs() > 0 && segment.maxTimestampMs() > nowMs - config.minLagMs();
        return segment.settled() && segment.endOffset() <= stableEndOffset && !tooYoung;
    }

    /** Records without a timestamp are never overdue. */
    private long overdueMs(SegmentView segment) {
        boolean dated = segment.firstTimestampMs() > 0;
        // In this order: the lag may be as large as a long.
        return dated ? Math.max(0, nowMs - config.maxLagMs() - segment.firstTimestampMs()) : 0;
    }

    /**
     * Joins neighbours that fit into one segment together.
     *
     * @param segments those that a run rewrites, oldest first
     * @return for each new segment how many old ones it takes the place of
     */
    public static List<Integer> group(List<SegmentView> segments, long maxSegmentBytes) {
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        for (SegmentView segment : segments) {
            if (count > 0 && bytes + segment.sizeBytes() > maxSegmentBytes) {
                counts.add(count);
                count = 0;
                bytes = 0;
            }
            count++;
            bytes += segment.sizeBytes();
        }
        if (count > 0) {
            counts.add(count);
        }
        return counts;
    }
}
