package io.penstock.core.runtime;

import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.transaction.TransactionRecord;
import io.penstock.core.transaction.TransactionRecordCodec;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Reads whole batches of {@code __transaction_state}. Stateless. */
final class TransactionBatches {
    private TransactionBatches() {}

    /**
     * Adds all records of kinds that are known; others are not this broker's to touch.
     *
     * @param batches position to limit are batches
     * @throws CorruptGroupRecordException what a record says cannot be read
     * @throws KafkaException a batch is not what its checksum says, or is no batch of records
     */
    static void decode(ByteBuffer batches, List<TransactionRecord> into) {
        try (BufferSupplier buffers = BufferSupplier.create()) {
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(batches.duplicate()).batches()) {
                batch.ensureValid();
                if (!batch.isControlBatch()) {
                    decode(batch, buffers, into);
                }
            }
        }
    }

    private static void decode(MutableRecordBatch batch, BufferSupplier buffers, List<TransactionRecord> into) {
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer key = record.key();
                TransactionRecord decoded = key == null ? null : TransactionRecordCodec.decode(key, record.value());
                if (decoded != null) {
                    into.add(decoded);
                }
            }
        }
    }
}
