package io.penstock.storage.memory;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;

/** One enforcement of retention on one log, see {@link io.penstock.storage.PartitionLog#enforceRetention}. Used once, by the owner. */
final class RetentionRun {
    private final LogId id;
    private final MemoryContent content;
    private final LogConfig config;
    private final long nowMs;
    private final long deletableEndOffset;

    RetentionRun(LogId id, MemoryContent content, LogConfig config, long nowMs, long deletableEndOffset) {
        this.id = id;
        this.content = content;
        this.config = config;
        this.nowMs = nowMs;
        this.deletableEndOffset = deletableEndOffset;
    }

    /** Rolls first, so that what is rolled may go at once. Returns the number of segments deleted. */
    int enforce() {
        if (mustRollActive()) {
            content.roll(config.indexIntervalBytes());
        }
        int before = content.segments().size();
        while (content.segments().size() > 1 && mayDelete(content.oldest())) {
            content.advanceStartTo(content.oldest().endOffset());
        }
        return before - content.segments().size();
    }

    /** Rolls if the active segment is old enough. */
    boolean rollIfOld() {
        MemorySegment active = content.active();
        boolean due = !active.isEmpty() && isOld(active);
        if (due) {
            content.roll(config.indexIntervalBytes());
        }
        return due;
    }

    private boolean isOld(MemorySegment active) {
        return nowMs - active.oldestMs(nowMs) > config.rollMs() - jitterMs(active);
    }

    private boolean mustRollActive() {
        MemorySegment active = content.active();
        return !active.isEmpty() && (isOld(active) || (isExpired(active) && active.endOffset() <= deletableEndOffset));
    }

    /** The same for a segment each time, and different between logs that were begun together. */
    private long jitterMs(MemorySegment segment) {
        long bound = Math.min(config.segmentJitterMs(), config.rollMs());
        long spread = (segment.baseOffset() + id.hashCode()) * 0x9E3779B97F4A7C15L;
        return bound == 0 ? 0 : (spread >>> 1) % bound;
    }

    private boolean mayDelete(MemorySegment segment) {
        return segment.endOffset() <= deletableEndOffset
                && (segment.endOffset() <= content.startOffset()
                        || isExpired(segment)
                        || (config.deleteByRetention() && isBeyondSize(segment)));
    }

    private boolean isExpired(MemorySegment segment) {
        return config.deleteByRetention()
                && config.retentionMs() >= 0
                && nowMs - segment.newestMs(nowMs) > config.retentionMs();
    }

    private boolean isBeyondSize(MemorySegment segment) {
        return config.retentionBytes() >= 0 && content.sizeBytes() - segment.sizeBytes() >= config.retentionBytes();
    }
}
