package io.penstock.core.runtime;

import io.penstock.core.group.LogWrite;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.TransactionProducer;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;

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
     * @param timeMs wall-clock time of all records
     * @return position to limit is the batch
     */
    ByteBuffer of(LogWrite write, long timeMs) {
        return write instanceof LogWrite.End end
                ? MarkerBatch.of(end.marker(), timeMs)
                : of((LogWrite.Records) write, timeMs);
    }

    private ByteBuffer of(LogWrite.Records write, long timeMs) {
        List<EncodedRecord> records = write.records();
        int neededBytes = EncodedRecord.BATCH_OVERHEAD_BYTES;
        for (EncodedRecord record : records) {
            neededBytes += record.sizeBytes();
        }
        if (neededBytes > memory.capacity()) {
            memory = ByteBuffer.allocateDirect(Math.max(neededBytes, 2 * memory.capacity()));
        }
        try (MemoryRecordsBuilder builder = builder(write.transaction(), timeMs)) {
            for (EncodedRecord record : records) {
                builder.append(timeMs, record.key(), record.value());
            }
            MemoryRecords built = builder.build();
            return built.buffer();
        }
    }

    /** In transactions the sequence is always 0, as in Kafka: a coordinator's batches are not checked for order. */
    private MemoryRecordsBuilder builder(@Nullable TransactionProducer producer, long timeMs) {
        return new MemoryRecordsBuilder(
                new ByteBufferOutputStream(memory.clear()),
                RecordBatch.CURRENT_MAGIC_VALUE,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                0,
                timeMs,
                producer == null ? RecordBatch.NO_PRODUCER_ID : producer.id(),
                producer == null ? RecordBatch.NO_PRODUCER_EPOCH : producer.epoch(),
                producer == null ? RecordBatch.NO_SEQUENCE : 0,
                producer != null,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                memory.capacity());
    }
}
