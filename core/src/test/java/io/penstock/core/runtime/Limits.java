package io.penstock.core.runtime;

/** Limits that differ from the defaults in one thing. */
final class Limits {
    private static final PartitionLimits D = PartitionLimits.DEFAULT;

    private Limits() {}

    static PartitionLimits withMaxParkedFetches(int count) {
        return make(count, D.maxOpenLogs(), D.idleCloseMs(), D.retentionIntervalMs(), D.closedRetentionIntervalMs());
    }

    static PartitionLimits withMaxOpenLogs(int count) {
        return make(
                D.maxParkedFetches(), count, D.idleCloseMs(), D.retentionIntervalMs(), D.closedRetentionIntervalMs());
    }

    static PartitionLimits withRetention(long openMs, long closedMs) {
        return make(D.maxParkedFetches(), D.maxOpenLogs(), D.idleCloseMs(), openMs, closedMs);
    }

    static PartitionLimits withInlineWorkBytes(int bytes) {
        return make(
                D.maxParkedFetches(),
                D.maxOpenLogs(),
                D.idleCloseMs(),
                D.retentionIntervalMs(),
                D.closedRetentionIntervalMs(),
                bytes);
    }

    private static PartitionLimits make(
            int maxParkedFetches, int maxOpenLogs, long idleCloseMs, long retentionMs, long closedRetentionMs) {
        return make(maxParkedFetches, maxOpenLogs, idleCloseMs, retentionMs, closedRetentionMs, D.inlineWorkBytes());
    }

    private static PartitionLimits make(
            int maxParkedFetches,
            int maxOpenLogs,
            long idleCloseMs,
            long retentionMs,
            long closedRetentionMs,
            int inlineWorkBytes) {
        return new PartitionLimits(
                D.maxWaitingCommands(),
                D.maxPendingAcks(),
                maxParkedFetches,
                D.maxColdReadsPerPartition(),
                D.maxColdReads(),
                D.maxConcurrentOpens(),
                maxOpenLogs,
                idleCloseMs,
                inlineWorkBytes,
                D.reopenMinMs(),
                D.reopenMaxMs(),
                retentionMs,
                closedRetentionMs);
    }
}
