package io.penstock.core.runtime;

/**
 * Bounds of what partitions may hold at once. Immutable.
 *
 * @param maxWaitingCommands commands that wait in one partition for its log to open, for room in it or for a long validation; more are refused
 * @param maxPendingAcks appends of one partition that wait for their acknowledgement; more are refused before they are written
 * @param maxParkedFetches fetches that wait in one partition; more are answered at once with what is there
 * @param maxColdReadsPerPartition cold reads of one partition under way; more wait in order
 * @param maxColdReads cold reads of the whole broker under way
 * @param maxConcurrentOpens logs being opened at once
 * @param maxOpenLogs open logs beyond which the least recently used idle ones are closed
 * @param idleCloseMs close a log that nobody has used for so long
 * @param inlineWorkBytes most bytes that a batch may unpack to when it is validated on the event loop
 * @param reopenMinMs wait so long before a failed log is opened again; doubles up to {@code reopenMaxMs}
 * @param retentionIntervalMs look for segments to delete this often ({@code log.retention.check.interval.ms})
 * @param closedRetentionIntervalMs the same for logs that are not open
 */
public record PartitionLimits(
        int maxWaitingCommands,
        int maxPendingAcks,
        int maxParkedFetches,
        int maxColdReadsPerPartition,
        int maxColdReads,
        int maxConcurrentOpens,
        int maxOpenLogs,
        long idleCloseMs,
        int inlineWorkBytes,
        long reopenMinMs,
        long reopenMaxMs,
        long retentionIntervalMs,
        long closedRetentionIntervalMs) {

    /** For a broker on a small machine. */
    public static final PartitionLimits DEFAULT = new PartitionLimits(
            2_000, 50_000, 10_000, 4, 32, 8, 2_000, 600_000, 256 * 1024, 1_000, 60_000, 300_000, 3_600_000);
}
