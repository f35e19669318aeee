package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import java.util.List;

/** Decides which segments have outlived the settings. Pure. */
final class RetentionPolicy {
    /** Records may be stamped this much ahead of the clock; what is further off says nothing about age. */
    private static final long MAX_AHEAD_MS = 3_600_000;

    private final LogConfig config;
    private final long nowMs;
    private final long startOffset;
    private final long deletableEndOffset;

    RetentionPolicy(LogConfig config, long nowMs, long startOffset, long deletableEndOffset) {
        this.config = config;
        this.nowMs = nowMs;
        this.startOffset = startOffset;
        this.deletableEndOffset = deletableEndOffset;
    }

    /**
     * How many of the oldest segments must go.
     *
     * @param segments sealed segments, oldest first
     * @param sizeBytes of the whole log
     */
    int countToDelete(List<SegmentFacts> segments, long sizeBytes) {
        int count = 0;
        long leftBytes = sizeBytes;
        while (count < segments.size() && mayDelete(segments.get(count), leftBytes)) {
            leftBytes -= segments.get(count).sizeBytes();
            count++;
        }
        return count;
    }

    private boolean mayDelete(SegmentFacts segment, long leftBytes) {
        return segment.endOffset() <= deletableEndOffset
                && (segment.endOffset() <= startOffset
                        || isExpired(segment.maxTimestampMs(), segment.lastAppendMs())
                        || isBeyondSize(segment, leftBytes));
    }

    private boolean isBeyondSize(SegmentFacts segment, long leftBytes) {
        return config.deleteByRetention()
                && config.retentionBytes() >= 0
                && leftBytes - segment.sizeBytes() >= config.retentionBytes();
    }

    /**
     * Whether the newest record is too old to be kept.
     *
     * @param maxTimestampMs largest timestamp, or -1
     * @param lastAppendMs when the last record was appended
     */
    boolean isExpired(long maxTimestampMs, long lastAppendMs) {
        return config.deleteByRetention()
                && config.retentionMs() >= 0
                && nowMs - timeOf(maxTimestampMs, lastAppendMs) > config.retentionMs();
    }

    /**
     * Whether the active segment is old enough to be sealed.
     *
     * @param firstTimestampMs timestamp of its first batch, or -1
     * @param firstAppendMs when that was appended
     * @param jitterMs how much earlier than the settings say
     */
    boolean isOldEnoughToRoll(long firstTimestampMs, long firstAppendMs, long jitterMs) {
        return nowMs - timeOf(firstTimestampMs, firstAppendMs) > config.rollMs() - jitterMs;
    }

    /** A record's timestamp, unless there is none or it lies in the future of its append: then the time of the append. */
    private static long timeOf(long timestampMs, long appendMs) {
        boolean says = timestampMs >= 0 && timestampMs <= appendMs + MAX_AHEAD_MS;
        return says ? timestampMs : appendMs;
    }
}
