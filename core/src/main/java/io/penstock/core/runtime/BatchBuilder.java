package io.penstock.core.runtime;

import io.penstock.core.api.NewRecord;
import io.penstock.core.api.RecordHeader;
import io.penstock.storage.batch.BatchHeader;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes one uncompressed v2 batch of an application's records, in memory that is used again. Not for several threads.
 *
 * <p>The records are written as they come, without an object for each; the header is filled in at the end.
 */
final class BatchBuilder {
    private static final byte MAGIC = 2;
    private static final int LONGEST_VARINT = 5;
    private static final int LONGEST_VARLONG = 10;
    private static final byte[][] NO_NAMES = {};

    private ByteBuffer memory;
    private int count;
    private long baseTimestampMs;
    private long maxTimestampMs;

    BatchBuilder(int firstCapacity) {
        memory = ByteBuffer.allocateDirect(firstCapacity);
        clear();
    }

    /** Begins anew. */
    void clear() {
        memory.clear().position(BatchHeader.HEADER_BYTES);
        count = 0;
    }

    int count() {
        return count;
    }

    /** Bytes so far, header included. */
    int sizeBytes() {
        return memory.position();
    }

    /** Memory that is kept for the next batch. */
    int capacity() {
        return memory.capacity();
    }

    void add(NewRecord record, long nowMs) {
        long timestampMs = record.timestampMs() == NewRecord.NOW ? nowMs : record.timestampMs();
        if (count == 0) {
            baseTimestampMs = timestampMs;
            maxTimestampMs = timestampMs;
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        byte[][] names = names(record);
        int bodyBytes = bodyBytes(record, names, timestampMs - baseTimestampMs);
        reserve(LONGEST_VARINT + bodyBytes);
        ByteUtils.writeVarint(bodyBytes, memory);
        memory.put((byte) 0);
        ByteUtils.writeVarlong(timestampMs - baseTimestampMs, memory);
        ByteUtils.writeVarint(count, memory);
        put(record.key());
        put(record.value());
        ByteUtils.writeVarint(names.length, memory);
        for (int i = 0; i < names.length; i++) {
            ByteUtils.writeVarint(names[i].length, memory);
            memory.put(names[i]);
            put(record.headers().get(i).value());
        }
        count++;
    }

    private static byte[][] names(NewRecord record) {
        return record.headers().isEmpty()
                ? NO_NAMES
                : record.headers().stream()
                        .map(RecordHeader::name)
                        .map(name -> name.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
    }

    private int bodyBytes(NewRecord record, byte[][] names, long timestampDelta) {
        long bytes = 1L
                + ByteUtils.sizeOfVarlong(timestampDelta)
                + ByteUtils.sizeOfVarint(count)
                + fieldBytes(record.key())
                + fieldBytes(record.value())
                + ByteUtils.sizeOfVarint(names.length);
        for (int i = 0; i < names.length; i++) {
            bytes += ByteUtils.sizeOfVarint(names[i].length) + names[i].length;
            bytes += fieldBytes(record.headers().get(i).value());
        }
        return Math.toIntExact(bytes);
    }

    /** How long key and value are together, a lower bound of what the record takes. */
    static long contentBytes(NewRecord record) {
        return lengthOf(record.key()) + lengthOf(record.value());
    }

    private static long lengthOf(@Nullable Buffer field) {
        return field == null ? 0 : field.length();
    }

    private static long fieldBytes(@Nullable Buffer field) {
        int length = field == null ? -1 : field.length();
        return (long) ByteUtils.sizeOfVarint(length) + Math.max(0, length);
    }

    private void put(@Nullable Buffer field) {
        if (field == null) {
            ByteUtils.writeVarint(-1, memory);
        } else {
            ByteUtils.writeVarint(field.length(), memory);
            memory.put(field.getBytes());
        }
    }

    private void reserve(int bytes) {
        int needed = Math.addExact(memory.position(), bytes + LONGEST_VARLONG);
        if (needed > memory.capacity()) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(needed, Math.multiplyExact(2, memory.capacity())));
            larger.put(memory.flip());
            memory = larger;
        }
    }

    /** The batch, position to limit; valid until {@link #clear}. */
    ByteBuffer build() {
        int end = memory.position();
        memory.putLong(BatchHeader.BASE_OFFSET, 0)
                .putInt(BatchHeader.LENGTH, end - BatchHeader.LOG_OVERHEAD)
                .putInt(BatchHeader.LEADER_EPOCH, -1)
                .put(BatchHeader.MAGIC, MAGIC)
                .putShort(BatchHeader.ATTRIBUTES, (short) 0)
                .putInt(BatchHeader.LAST_OFFSET_DELTA, count - 1)
                .putLong(BatchHeader.BASE_TIMESTAMP, baseTimestampMs)
                .putLong(BatchHeader.MAX_TIMESTAMP, maxTimestampMs)
                .putLong(BatchHeader.PRODUCER_ID, BatchHeader.NO_PRODUCER_ID)
                .putShort(BatchHeader.PRODUCER_EPOCH, (short) -1)
                .putInt(BatchHeader.BASE_SEQUENCE, BatchHeader.NO_SEQUENCE)
                .putInt(BatchHeader.RECORD_COUNT, count);
        CRC32C crc = new CRC32C();
        crc.update(memory.slice(BatchHeader.ATTRIBUTES, end - BatchHeader.ATTRIBUTES));
        memory.putInt(BatchHeader.CRC, (int) crc.getValue());
        return memory.slice(0, end);
    }
}
