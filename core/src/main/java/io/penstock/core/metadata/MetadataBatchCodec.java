package io.penstock.core.metadata;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * Metadata records as Kafka v2 record batches, so that a partition's log can keep them: each record is the value of one Kafka
 * record, without key. A batch is the unit that is there whole or not at all, guarded by its CRC-32C. Stateless.
 */
public final class MetadataBatchCodec {
    private static final int INITIAL_BYTES = 512;

    private MetadataBatchCodec() {}

    /**
     * Makes one batch.
     *
     * @param records not empty
     * @param nowMs timestamp of the records; for humans only
     */
    public static ByteBuffer encode(List<MetadataRecord> records, long nowMs) {
        MemoryRecordsBuilder builder = newBatch();
        for (MetadataRecord record : records) {
            builder.append(nowMs, null, MetadataRecordCodec.encode(record));
        }
        return builder.build().buffer();
    }

    /**
     * Makes as many batches as it takes, for records that need not be there all together.
     *
     * @param batchBytes a batch that has so many bytes gets no more records
     */
    public static List<ByteBuffer> encodeAll(List<MetadataRecord> records, int batchBytes, long nowMs) {
        List<ByteBuffer> batches = new ArrayList<>();
        MemoryRecordsBuilder builder = newBatch();
        for (MetadataRecord record : records) {
            if (builder.numRecords() > 0 && builder.estimatedSizeInBytes() >= batchBytes) {
                batches.add(builder.build().buffer());
                builder = newBatch();
            }
            builder.append(nowMs, null, MetadataRecordCodec.encode(record));
        }
        batches.add(builder.build().buffer());
        return batches;
    }

    private static MemoryRecordsBuilder newBatch() {
        return MemoryRecords.builder(
                ByteBuffer.allocate(INITIAL_BYTES), Compression.NONE, TimestampType.CREATE_TIME, 0);
    }

    /** Hears the records of a batch, in order. */
    public interface Receiver {
        void onRecord(long offset, MetadataRecord record);
    }

    /**
     * Reads whole batches and checks them.
     *
     * @param batches position to limit is a sequence of whole batches; not changed
     * @throws CorruptMetadataException a checksum or a field is wrong; records of the batches before may have been told
     * @throws FutureMetadataException a newer release wrote a record
     */
    public static void decode(ByteBuffer batches, Receiver receiver) {
        try {
            Iterator<MutableRecordBatch> iterator =
                    MemoryRecords.readableRecords(batches.slice()).batches().iterator();
            int bytes = 0;
            while (iterator.hasNext()) {
                MutableRecordBatch batch = iterator.next();
                batch.ensureValid();
                bytes += batch.sizeInBytes();
                for (Record record : batch) {
                    receiver.onRecord(record.offset(), MetadataRecordCodec.decode(value(record)));
                }
            }
            if (bytes != batches.remaining()) {
                throw new CorruptMetadataException(
                        "expected " + batches.remaining() + " bytes of whole batches, found " + bytes);
            }
        } catch (KafkaException | IllegalArgumentException e) {
            throw new CorruptMetadataException("not a readable batch of metadata records", e);
        }
    }

    private static ByteBuffer value(Record record) {
        ByteBuffer value = record.value();
        if (value == null) {
            throw new CorruptMetadataException("metadata record without value at offset " + record.offset());
        }
        return value;
    }
}
