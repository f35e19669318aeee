package io.penstock.core.partition;

/** Settings that differ from Kafka's defaults in one thing. */
public final class Configs {
    private static final PartitionConfig D = PartitionConfig.DEFAULT;

    private Configs() {}

    public static PartitionConfig with(BatchCompression compression) {
        return with(compression, D.maxBatchBytes());
    }

    static PartitionConfig with(BatchCompression compression, int maxBatchBytes) {
        return make(false, D.timestampBeforeMaxMs(), D.timestampAfterMaxMs(), maxBatchBytes, false, compression);
    }

    /** Batches of up to 64 MiB. */
    public static PartitionConfig withBigBatches() {
        return with(BatchCompression.PRODUCER, 64 << 20);
    }

    static PartitionConfig withMaxBatchBytes(int maxBatchBytes) {
        return with(BatchCompression.PRODUCER, maxBatchBytes);
    }

    static PartitionConfig withMaxDecompressedBytes(long maxBytes) {
        return new PartitionConfig(
                false,
                D.timestampBeforeMaxMs(),
                D.timestampAfterMaxMs(),
                D.maxBatchBytes(),
                maxBytes,
                false,
                true,
                D.compression(),
                D.flushMessages(),
                D.flushMs(),
                D.minInsyncReplicas());
    }

    static PartitionConfig withTimestampLimits(long beforeMs, long afterMs) {
        return make(false, beforeMs, afterMs, D.maxBatchBytes(), false, D.compression());
    }

    static PartitionConfig logAppendTime() {
        return make(true, D.timestampBeforeMaxMs(), D.timestampAfterMaxMs(), D.maxBatchBytes(), false, D.compression());
    }

    public static PartitionConfig compacted() {
        return make(false, D.timestampBeforeMaxMs(), D.timestampAfterMaxMs(), D.maxBatchBytes(), true, D.compression());
    }

    /** Syncs after so many records, and at the latest after so many milliseconds. */
    public static PartitionConfig flushing(long messages, long ms) {
        return flushing(messages, ms, 1);
    }

    /** Flushing, and with so many in-sync replicas for {@code acks=all}. */
    public static PartitionConfig flushing(long messages, long ms, int minInsyncReplicas) {
        return new PartitionConfig(
                false,
                D.timestampBeforeMaxMs(),
                D.timestampAfterMaxMs(),
                D.maxBatchBytes(),
                D.maxDecompressedBytes(),
                false,
                true,
                D.compression(),
                messages,
                ms,
                minInsyncReplicas);
    }

    private static PartitionConfig make(
            boolean logAppendTime,
            long beforeMs,
            long afterMs,
            int maxBatchBytes,
            boolean compacted,
            BatchCompression compression) {
        return new PartitionConfig(
                logAppendTime,
                beforeMs,
                afterMs,
                maxBatchBytes,
                D.maxDecompressedBytes(),
                compacted,
                !compacted,
                compression,
                D.flushMessages(),
                D.flushMs(),
                D.minInsyncReplicas());
    }
}
