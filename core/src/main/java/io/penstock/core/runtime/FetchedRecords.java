package io.penstock.core.runtime;

import io.penstock.core.api.RecordHeader;
import io.penstock.core.api.StoredRecord;
import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogSlices;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
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
    private final BufferSupplier unpacking = BufferSupplier.create();
    /** Aborted transactions that have not begun yet, by first offset. */
    private final ArrayDeque<AbortedTransaction> toCome;
    /** Producers in the midst of an aborted transaction. */
    private final Set<Long> aborting = new HashSet<>();

    private Iterator<MutableRecordBatch> batches = List.<MutableRecordBatch>of().iterator();
    private @Nullable CloseableIterator<Record> records;

    /**
     * Takes the slices over.
     *
     * @param fromOffset records below are passed over: a fetch gives whole batches
     */
    FetchedRecords(LogSlices slices, List<AbortedTransaction> aborted, long fromOffset) {
        this.slices = slices;
        this.fromOffset = fromOffset;
        this.buffers = slices.buffers().iterator();
        this.toCome = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
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
        while (!toCome.isEmpty() && toCome.peek().firstOffset() <= batch.lastOffset()) {
            aborting.add(toCome.remove().producerId());
        }
        if (batch.isControlBatch()) {
            if (isAbort(batch)) {
                aborting.remove(batch.producerId());
            }
            return false;
        }
        return !(batch.isTransactional() && aborting.contains(batch.producerId()));
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
        unpacking.close();
        slices.release();
    }
}
