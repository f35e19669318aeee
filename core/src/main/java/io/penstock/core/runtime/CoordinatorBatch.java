package io.penstock.core.runtime;

import io.penstock.core.group.record.EncodedRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Makes record batches of what coordinators write, in one piece of direct memory that is used again. Owned by one
 * {@link LiveCoordinator}: a batch is valid until the next is made.
 */
final class CoordinatorBatch {
    private static final int SMALLEST_BYTES = 4 * 1024;

    private ByteBuffer memory = ByteBuffer.allocateDirect(SMALLEST_BYTES);

    /**
     * Makes a batch.
     *
     * @param records one or more
     * @param timeMs wall-clock time of all records
     * @return position to limit is the batch
     */
    ByteBuffer of(List<EncodedRecord> records, long timeMs) {
        int neededBytes = EncodedRecord.BATCH_OVERHEAD_BYTES;
        for (EncodedRecord record : records) {
            neededBytes += record.sizeBytes();
        }
        if (neededBytes > memory.capacity()) {
            memory = ByteBuffer.allocateDirect(Math.max(neededBytes, 2 * memory.capacity()));
        }
        try (MemoryRecordsBuilder builder = builder(timeMs)) {
            for (EncodedRecord record : records) {
                builder.append(timeMs, record.key(), record.value());
            }
            MemoryRecords built = builder.build();
            return built.buffer();
        }
    }

    private MemoryRecordsBuilder builder(long timeMs) {
        return new MemoryRecordsBuilder(
                new ByteBufferOutputStream(memory.clear()),
                RecordBatch.CURRENT_MAGIC_VALUE,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                0,
                timeMs,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                memory.capacity());
    }
}
