package io.penstock.core.partition;

/**
 * What a partition must know of its topic's settings, under the meaning of the Kafka settings of the same name. Immutable.
 *
 * @param logAppendTime whether the broker stamps the time ({@code message.timestamp.type=LogAppendTime})
 * @param timestampBeforeMaxMs how far a producer's timestamp may lie in the past ({@code message.timestamp.before.max.ms})
 * @param timestampAfterMaxMs how far it may lie in the future ({@code message.timestamp.after.max.ms})
 * @param maxBatchBytes largest batch, as stored ({@code max.message.bytes})
 * @param maxDecompressedBytes most bytes that the records of one batch may unpack to ({@code max.decompressed.message.bytes})
 * @param compacted whether {@code cleanup.policy} contains {@code compact}: then every record needs a key
 * @param deletable whether {@code cleanup.policy} contains {@code delete}: then DeleteRecords is allowed even if compacted
 * @param compression how batches are stored ({@code compression.type})
 * @param flushMessages sync after so many records; 1 makes every acknowledgement wait for the disk ({@code flush.messages})
 * @param flushMs sync at the latest so long after an append ({@code flush.ms}); {@link Long#MAX_VALUE} for never
 * @param minInsyncReplicas in-sync replicas that {@code acks=all} needs ({@code min.insync.replicas})
 * @param delivery what the topic promises beyond Kafka ({@code penstock.delivery} and {@code penstock.dedup.header})
 */
public record PartitionConfig(
        boolean logAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        int maxBatchBytes,
        long maxDecompressedBytes,
        boolean compacted,
        boolean deletable,
        BatchCompression compression,
        long flushMessages,
        long flushMs,
        int minInsyncReplicas,
        DeliveryConfig delivery) {

    /** Kafka's defaults. */
    public static final PartitionConfig DEFAULT = new PartitionConfig(
            false,
            Long.MAX_VALUE,
            3_600_000,
            1_048_588,
            100L << 20,
            false,
            true,
            BatchCompression.PRODUCER,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            1);

    /** A topic that promises nothing beyond Kafka. */
    public PartitionConfig(
            boolean logAppendTime,
            long timestampBeforeMaxMs,
            long timestampAfterMaxMs,
            int maxBatchBytes,
            long maxDecompressedBytes,
            boolean compacted,
            boolean deletable,
            BatchCompression compression,
            long flushMessages,
            long flushMs,
            int minInsyncReplicas) {
        this(
                logAppendTime,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                maxBatchBytes,
                maxDecompressedBytes,
                compacted,
                deletable,
                compression,
                flushMessages,
                flushMs,
                minInsyncReplicas,
                DeliveryConfig.KAFKA);
    }

    public PartitionConfig {
        require(timestampBeforeMaxMs >= 0, "message.timestamp.before.max.ms", timestampBeforeMaxMs);
        require(timestampAfterMaxMs >= 0, "message.timestamp.after.max.ms", timestampAfterMaxMs);
        require(maxBatchBytes >= 0, "max.message.bytes", maxBatchBytes);
        require(maxDecompressedBytes >= 1, "max.decompressed.message.bytes", maxDecompressedBytes);
        require(flushMessages >= 1, "flush.messages", flushMessages);
        require(flushMs >= 0, "flush.ms", flushMs);
        require(minInsyncReplicas >= 1, "min.insync.replicas", minInsyncReplicas);
    }

    /** The same with another promise. */
    public PartitionConfig with(DeliveryConfig other) {
        return new PartitionConfig(
                logAppendTime,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                maxBatchBytes,
                maxDecompressedBytes,
                compacted,
                deletable,
                compression,
                flushMessages,
                flushMs,
                minInsyncReplicas,
                other);
    }

    /** Whether readers and acknowledgements wait for the disk: every record is synced before anybody sees it. */
    public boolean syncsEveryRecord() {
        return flushMessages == 1;
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
