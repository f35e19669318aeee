package io.penstock.core.runtime;

import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.GroupRecordCodec;
import io.penstock.core.group.record.GroupRecordReader;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionProducer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Whole batches of a coordinator's partition in memory. This broker writes them uncompressed, so their records are read where they
 * lie, without an object for each; batches from elsewhere are read as Kafka's clients read them. Owned by one thread.
 */
final class GroupBatches {
    private static final int NO_VALUE = -1;

    private final ByteBuffer bytes;
    private final ByteBuffer cursor;
    private final GroupRecordReader reader;
    /** The transaction that the batch being read belongs to; null if its records count at once. */
    private @Nullable TransactionProducer transaction;

    /**
     * Nothing is read yet.
     *
     * @param bytes position to limit are batches; must stay while they are read
     */
    GroupBatches(ByteBuffer bytes) {
        this.bytes = bytes;
        this.cursor = bytes.duplicate();
        this.reader = new GroupRecordReader(bytes);
    }

    /**
     * Adds all records of kinds that are known, and the ends of transactions, in their order; other records are not this broker's to
     * touch.
     *
     * @throws CorruptGroupRecordException what a record says cannot be read
     * @throws KafkaException a batch is not what its checksum says, or is no batch of records
     */
    void decode(List<GroupLogEntry> into) {
        int start = bytes.position();
        try (BufferSupplier buffers = BufferSupplier.create()) {
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(bytes.duplicate()).batches()) {
                batch.ensureValid();
                int end = start + batch.sizeInBytes();
                if (batch.isControlBatch()) {
                    decodeMarker(batch, into);
                } else {
                    transaction = batch.isTransactional()
                            ? new TransactionProducer(batch.producerId(), batch.producerEpoch())
                            : null;
                    decode(batch, start, end, buffers, into);
                }
                start = end;
            }
        }
    }

    /** A marker that compaction has left without its record has nothing to end: what it ended is gone, too. */
    private static void decodeMarker(MutableRecordBatch batch, List<GroupLogEntry> into) {
        for (Record record : batch) {
            ByteBuffer key = record.key();
            if (key == null) {
                throw new InvalidRecordException("expected a key in the marker of offset " + batch.baseOffset());
            }
            ControlRecordType type = ControlRecordType.parse(key);
            if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
                into.add(new TransactionEnd(batch.producerId(), type == ControlRecordType.COMMIT));
            }
        }
    }

    private void decode(
            MutableRecordBatch batch, int start, int end, BufferSupplier buffers, List<GroupLogEntry> into) {
        Integer count = batch.countOrNull();
        if (count == null || batch.magic() != RecordBatch.MAGIC_VALUE_V2 || batch.isCompressed()) {
            decodeElsewhere(batch, buffers, into);
            return;
        }
        cursor.limit(end).position(start + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        try {
            for (int i = 0; i < count; i++) {
                add(readNext(), into);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new InvalidRecordException("unreadable records in the batch of offset " + batch.baseOffset(), e);
        }
    }

    /** One record: length, attributes, time, offset, key, value, and headers that mean nothing here. */
    private @Nullable GroupRecord readNext() {
        int length = ByteUtils.readVarint(cursor);
        int end = cursor.position() + checked(length, cursor.remaining());
        cursor.get();
        ByteUtils.readVarlong(cursor);
        ByteUtils.readVarint(cursor);
        int keyLength = ByteUtils.readVarint(cursor);
        int keyStart = cursor.position();
        cursor.position(keyStart + checked(Math.max(0, keyLength), end - keyStart));
        int valueLength = ByteUtils.readVarint(cursor);
        int valueStart = cursor.position();
        cursor.position(valueStart + checked(Math.max(0, valueLength), end - valueStart));
        boolean hasHeaders = ByteUtils.readVarint(cursor) != 0;
        checkEnd(hasHeaders, end);
        cursor.position(end);
        if (keyLength < 0) {
            return null;
        }
        return reader.read(keyStart, keyLength, valueLength < 0 ? NO_VALUE : valueStart, valueLength);
    }

    private void checkEnd(boolean hasHeaders, int end) {
        if (hasHeaders ? cursor.position() > end : cursor.position() != end) {
            throw new InvalidRecordException(
                    "expected a record to end at byte " + end + ", found its end at " + cursor.position());
        }
    }

    private static int checked(int length, int roomBytes) {
        if (length < 0 || length > roomBytes) {
            throw new InvalidRecordException("expected a length of 0 to " + roomBytes + ", found " + length);
        }
        return length;
    }

    private void decodeElsewhere(MutableRecordBatch batch, BufferSupplier buffers, List<GroupLogEntry> into) {
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer key = record.key();
                if (key != null) {
                    add(GroupRecordCodec.decode(key, record.value()), into);
                }
            }
        }
    }

    private void add(@Nullable GroupRecord record, List<GroupLogEntry> into) {
        if (record != null) {
            into.add(GroupLogEntry.of(record, transaction));
        }
    }
}
