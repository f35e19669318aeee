package io.penstock.core.runtime;

/**
 * What the compaction of one broker is doing, under the meaning of Kafka's metrics. Immutable.
 *
 * @param maxDirtyPercent share of dirty bytes in the dirtiest log, at the last look
 * @param uncleanablePartitions partitions that cannot be compacted, because of a damaged batch or a table that is too small
 * @param uncleanableBytes their bytes that wait to be compacted
 * @param maxOverdueSeconds for how long the oldest record has waited beyond {@code max.compaction.lag.ms}
 * @param lastRunMs wall-clock time of the last look, 0 before the first
 * @param lastTablePercent how full the table of keys was in the last run
 * @param lastRecopyPercent what the last run left of the bytes that it read
 * @param lastSeconds how long the last run took
 * @param runs runs so far
 */
public record CleanerFigures(
        double maxDirtyPercent,
        int uncleanablePartitions,
        long uncleanableBytes,
        double maxOverdueSeconds,
        long lastRunMs,
        double lastTablePercent,
        double lastRecopyPercent,
        double lastSeconds,
        long runs) {
    /** Before anything was looked at. */
    public static final CleanerFigures NONE = new CleanerFigures(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
