package io.penstock.storage.compact;

/**
 * What there is to compact in a log at a moment, and how urgent it is. Immutable.
 *
 * @param firstDirtyOffset nothing below was left uncompacted
 * @param endOffset end of the last segment that may be compacted; the log start or above
 * @param segmentCount how many of the oldest segments that are
 * @param cleanBytes bytes of those that are wholly compacted
 * @param dirtyBytes bytes of the others
 * @param overdueMs for how long a record has waited beyond {@code max.compaction.lag.ms}; 0 if none has
 * @param minDirtyRatio share of dirty bytes from which on it is worth while
 */
public record Cleanable(
        long firstDirtyOffset,
        long endOffset,
        int segmentCount,
        long cleanBytes,
        long dirtyBytes,
        long overdueMs,
        double minDirtyRatio) {
    /** Nothing at all. */
    public static final Cleanable NOTHING = new Cleanable(0, 0, 0, 0, 0, 0, 1);

    /** Share of the bytes in question that was never compacted; 0 if there are none. */
    public double dirtyRatio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** Whether a run is due: enough is dirty, or something dirty has waited too long. */
    public boolean isDue() {
        return dirtyBytes > 0 && (overdueMs > 0 || dirtyRatio() > minDirtyRatio);
    }
}
