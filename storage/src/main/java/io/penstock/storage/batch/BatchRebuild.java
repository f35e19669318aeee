package io.penstock.storage.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Builds what compaction leaves of a batch: a copy with fewer records, or with none. Base offset, last offset, leader epoch, producer
 * and sequence stay those of the original, and so does the codec. A delete horizon takes the place of the base timestamp (KIP-534).
 *
 * <p>Owned by the task that builds one batch; used once.
 */
public final class BatchRebuild {
    private static final byte MAGIC = 2;
    private static final int MAX_RECORD_PREFIX_BYTES = 1 + 5 + 10;

    private final ByteBuffer original;
    private final long baseTimestampMs;
    private final boolean setsHorizon;
    private final ByteBufferOutputStream out;
    private final OutputStream packer;
    private final byte[] prefix = new byte[MAX_RECORD_PREFIX_BYTES];
    private int recordCount;
    private long maxTimestampMs = BatchHeader.NO_TIMESTAMP;

    private BatchRebuild(ByteBuffer original, boolean setsHorizon, long baseTimestampMs) {
        this.original = original;
        this.setsHorizon = setsHorizon;
        this.baseTimestampMs = baseTimestampMs;
        out = new ByteBufferOutputStream(Math.max(512, original.remaining()));
        out.position(BatchHeader.HEADER_BYTES);
        CompressionType type = CompressionType.forId(BatchHeader.compressionCode(original, original.position()));
        packer = Compression.of(type).build().wrapForOutput(out, MAGIC);
    }

    /** A copy whose base timestamp stays, and its delete horizon if it has one. */
    public static BatchRebuild of(ByteBuffer original) {
        return new BatchRebuild(original, false, BatchHeader.baseTimestamp(original, original.position()));
    }

    /** A copy that gets a delete horizon. */
    public static BatchRebuild withDeleteHorizon(ByteBuffer original, long deleteHorizonMs) {
        return new BatchRebuild(original, true, deleteHorizonMs);
    }

    /** Takes the current record over. */
    public void add(UnpackedRecords record) {
        long originalBaseMs = BatchHeader.baseTimestamp(original, original.position());
        long timestampMs = originalBaseMs + record.timestampDelta();
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        ByteBuffer rest = record.afterTimestamp();
        try {
            int deltaBytes = Varints.writeLong(timestampMs - baseTimestampMs, prefix, 0);
            int prefixBytes = Varints.writeLong(1L + deltaBytes + rest.remaining(), prefix, 0);
            prefix[prefixBytes++] = record.attributes();
            prefixBytes += Varints.writeLong(timestampMs - baseTimestampMs, prefix, prefixBytes);
            packer.write(prefix, 0, prefixBytes);
            write(rest);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        recordCount++;
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (packer == out) {
            out.write(bytes);
        } else {
            packer.write(bytes.array(), bytes.arrayOffset(), bytes.remaining()); // unpacked to the heap
        }
    }

    /** The new batch; position 0 to limit. */
    public ByteBuffer build() {
        try {
            packer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        ByteBuffer batch = out.buffer().flip();
        copyHeader(original, batch);
        if (setsHorizon) {
            batch.putShort(BatchHeader.ATTRIBUTES, (short)
                    (BatchHeader.attributes(batch, 0) | BatchHeader.DELETE_HORIZON_BIT));
        }
        batch.putLong(BatchHeader.BASE_TIMESTAMP, baseTimestampMs);
        if (!BatchHeader.isLogAppendTime(original, original.position())) {
            batch.putLong(BatchHeader.MAX_TIMESTAMP, maxTimestampMs);
        }
        batch.putInt(BatchHeader.RECORD_COUNT, recordCount);
        return finish(batch);
    }

    /** What is left of a batch without records: its offsets, its producer and its last sequence. */
    public static ByteBuffer empty(ByteBuffer original) {
        ByteBuffer batch = ByteBuffer.allocate(BatchHeader.HEADER_BYTES);
        copyHeader(original, batch);
        int others =
                BatchHeader.attributes(batch, 0) & ~(BatchHeader.COMPRESSION_MASK | BatchHeader.DELETE_HORIZON_BIT);
        batch.putShort(BatchHeader.ATTRIBUTES, (short) others);
        batch.putLong(BatchHeader.BASE_TIMESTAMP, BatchHeader.NO_TIMESTAMP);
        batch.putInt(BatchHeader.RECORD_COUNT, 0);
        return finish(batch);
    }

    private static void copyHeader(ByteBuffer from, ByteBuffer to) {
        to.put(0, from, from.position(), BatchHeader.HEADER_BYTES);
    }

    private static ByteBuffer finish(ByteBuffer batch) {
        batch.putInt(BatchHeader.LENGTH, batch.limit() - BatchHeader.LOG_OVERHEAD);
        batch.putInt(BatchHeader.CRC, (int) BatchHeader.computeCrc(batch, 0));
        return batch;
    }
}
