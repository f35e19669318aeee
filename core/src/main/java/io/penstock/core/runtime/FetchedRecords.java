package io.penstock.core.runtime;

import io.penstock.core.api.RecordHeader;
import io.penstock.core.api.StoredRecord;
import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogSlices;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * The committed records of one fetch, one after another, copied out of the log's memory as they are asked for. Holds that memory until
 * {@link #release}. Not for several threads.
 */
final class FetchedRecords {
    private final LogSlices slices;
    private final long fromOffset;
    private final Iterator<ByteBuffer> buffers;
    private final BufferSupplier unpacking;
    private final @Nullable AbortedRanges aborted;

    private Iterator<MutableRecordBatch> batches = List.<MutableRecordBatch>of().iterator();
    private @Nullable CloseableIterator<Record> records;

    /**
     * Takes the slices over.
     *
     * @param fromOffset records below are passed over: a fetch gives whole batches
     * @param unpacking memory for compressed batches, which stays the caller's
     */
    FetchedRecords(LogSlices slices, List<AbortedTransaction> aborted, long fromOffset, BufferSupplier unpacking) {
        this.slices = slices;
        this.fromOffset = fromOffset;
        this.unpacking = unpacking;
        this.buffers = slices.buffers().iterator();
        this.aborted = aborted.isEmpty() ? null : new AbortedRanges(aborted);
    }

    /** One past the last offset of all, also of those that are not shown. */
    long nextOffset() {
        return slices.nextOffset();
    }

    /** The next record; null at the end. */
    @Nullable
    StoredRecord next() {
        while (true) {
            while (records != null && records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= fromOffset) {
                    return copy(record);
                }
            }
            closeRecords();
            MutableRecordBatch batch = nextBatch();
            if (batch == null) {
                return null;
            }
            if (isShown(batch)) {
                records = batch.streamingIterator(unpacking);
            }
        }
    }

    private @Nullable MutableRecordBatch nextBatch() {
        while (!batches.hasNext()) {
            if (!buffers.hasNext()) {
                return null;
            }
            batches = MemoryRecords.readableRecords(buffers.next().duplicate())
                    .batches()
                    .iterator();
        }
        return batches.next();
    }

    private boolean isShown(MutableRecordBatch batch) {
        if (aborted == null) {
            return !batch.isControlBatch();
        }
        aborted.enter(batch.lastOffset());
        if (batch.isControlBatch()) {
            if (isAbort(batch)) {
                aborted.leave(batch.producerId());
            }
            return false;
        }
        return !(batch.isTransactional() && aborted.isInside(batch.producerId()));
    }

    private boolean isAbort(MutableRecordBatch batch) {
        try (CloseableIterator<Record> marker = batch.streamingIterator(unpacking)) {
            return marker.hasNext() && ControlRecordType.parse(marker.next().key()) == ControlRecordType.ABORT;
        }
    }

    private static StoredRecord copy(Record record) {
        return new StoredRecord(
                record.offset(),
                record.timestamp(),
                copy(record.key()),
                copy(record.value()),
                headers(record.headers()));
    }

    private static @Nullable Buffer copy(@Nullable ByteBuffer field) {
        if (field == null) {
            return null;
        }
        byte[] bytes = new byte[field.remaining()];
        field.get(bytes);
        return Buffer.buffer(bytes);
    }

    private static List<RecordHeader> headers(Header[] headers) {
        if (headers.length == 0) {
            return List.of();
        }
        List<RecordHeader> copies = new ArrayList<>(headers.length);
        for (Header header : headers) {
            byte[] value = header.value();
            copies.add(new RecordHeader(header.key(), value == null ? null : Buffer.buffer(value)));
        }
        return copies;
    }

    private void closeRecords() {
        if (records != null) {
            records.close();
            records = null;
        }
    }

    void release() {
        closeRecords();
        slices.release();
    }
}
