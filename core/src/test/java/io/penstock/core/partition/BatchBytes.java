package io.penstock.core.partition;

import io.penstock.storage.batch.BatchHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;

/** Makes record batches, right and wrong ones, for tests. Stateless. */
final class BatchBytes {
    static final long NOW_MS = 1_700_000_000_000L;

    private BatchBytes() {}

    /** A batch with keys, values and headers of many sizes, as a producer sends it. */
    static ByteBuffer random(Random random, CompressionType type) {
        long producerId = random.nextInt(3) == 0 ? random.nextInt(1000) : RecordBatch.NO_PRODUCER_ID;
        boolean idempotent = producerId >= 0;
        MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                new ByteBufferOutputStream(512),
                RecordBatch.MAGIC_VALUE_V2,
                Compression.of(type).build(),
                TimestampType.CREATE_TIME,
                0,
                RecordBatch.NO_TIMESTAMP,
                producerId,
                (short) (idempotent ? 0 : -1),
                idempotent ? random.nextInt(100) : -1,
                idempotent && random.nextInt(5) == 0,
                false,
                -1,
                Integer.MAX_VALUE);
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 6);
        for (int i = 0; i < count; i++) {
            builder.append(timestamp(random), bytes(random, 10, 40), bytes(random, 5, 200), headers(random));
        }
        return whole(builder.build());
    }

    private static long timestamp(Random random) {
        return random.nextInt(20) == 0 ? -1 : NOW_MS - random.nextInt(100_000);
    }

    private static byte @org.jspecify.annotations.Nullable [] bytes(Random random, int nullOneIn, int maxBytes) {
        if (random.nextInt(nullOneIn) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(maxBytes)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private static Header[] headers(Random random) {
        Header[] headers = new Header[random.nextInt(4) == 0 ? random.nextInt(4) : 0];
        for (int i = 0; i < headers.length; i++) {
            byte[] value = bytes(random, 4, 30);
            headers[i] = new RecordHeader("h" + i, value);
        }
        return headers;
    }

    /** The records' bytes as a buffer that starts at 0. */
    static ByteBuffer whole(MemoryRecords records) {
        return copy(records.buffer());
    }

    /** A heap copy that starts at 0. */
    static ByteBuffer copy(ByteBuffer source) {
        return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
    }

    /** Makes length and checksum right for whatever the batch contains. */
    static ByteBuffer seal(ByteBuffer batch) {
        batch.putInt(BatchHeader.LENGTH, batch.limit() - BatchHeader.LOG_OVERHEAD);
        batch.putInt(BatchHeader.CRC, (int) BatchHeader.computeCrc(batch, 0));
        return batch;
    }

    /** A batch around records that were made by hand. */
    static ByteBuffer around(CompressionType type, int count, byte[] records) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(BatchHeader.HEADER_BYTES + records.length + 64);
        out.position(BatchHeader.HEADER_BYTES);
        try (OutputStream packed = Compression.of(type).build().wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2)) {
            packed.write(records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer batch = out.buffer().flip();
        header(batch, type, count);
        return seal(batch);
    }

    /** Puts a sane header around what follows it. */
    static void header(ByteBuffer batch, CompressionType type, int count) {
        batch.putLong(BatchHeader.BASE_OFFSET, 0)
                .putInt(BatchHeader.LEADER_EPOCH, -1)
                .put(BatchHeader.MAGIC, (byte) 2)
                .putShort(BatchHeader.ATTRIBUTES, (short) type.id)
                .putInt(BatchHeader.LAST_OFFSET_DELTA, count - 1)
                .putLong(BatchHeader.BASE_TIMESTAMP, NOW_MS)
                .putLong(BatchHeader.MAX_TIMESTAMP, NOW_MS)
                .putLong(BatchHeader.PRODUCER_ID, -1)
                .putShort(BatchHeader.PRODUCER_EPOCH, (short) -1)
                .putInt(BatchHeader.BASE_SEQUENCE, -1)
                .putInt(BatchHeader.RECORD_COUNT, count);
    }

    /** A record's bytes: the body's length as told, then attributes, deltas, key, value and header count. */
    static byte[] record(int offsetDelta, byte @org.jspecify.annotations.Nullable [] key, byte[] value) {
        ByteBuffer body = ByteBuffer.allocate(64 + (key == null ? 0 : key.length) + value.length);
        body.put((byte) 0);
        ByteUtils.writeVarlong(0, body);
        ByteUtils.writeVarint(offsetDelta, body);
        ByteUtils.writeVarint(key == null ? -1 : key.length, body);
        if (key != null) {
            body.put(key);
        }
        ByteUtils.writeVarint(value.length, body);
        body.put(value);
        ByteUtils.writeVarint(0, body);
        body.flip();
        ByteBuffer record = ByteBuffer.allocate(body.remaining() + 5);
        ByteUtils.writeVarint(body.remaining(), record);
        record.put(body).flip();
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        return bytes;
    }
}
