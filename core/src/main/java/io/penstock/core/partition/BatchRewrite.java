package io.penstock.core.partition;

import io.penstock.storage.batch.BatchHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Makes copies of valid batches that differ in timestamp type, largest timestamp or compression. Stateless. */
final class BatchRewrite {
    private static final byte MAGIC = 2;
    private static final int COMPRESSION_MASK = 0x07;
    private static final int LOG_APPEND_TIME_BIT = 0x08;

    private BatchRewrite() {}

    /** A copy with these timestamps and a right checksum. */
    static ByteBuffer withTimestamps(ByteBuffer batch, boolean logAppendTime, long maxTimestampMs) {
        ByteBuffer copy =
                ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        putTimestamps(copy, logAppendTime, maxTimestampMs);
        putCrc(copy);
        return copy;
    }

    /** A copy with another compression and these timestamps. Records themselves do not change: they are relative to the header. */
    static ByteBuffer recompressed(
            ByteBuffer batch, RecordSource source, Compression target, boolean logAppendTime, long maxTimestampMs)
            throws IOException {
        ByteBufferOutputStream out = new ByteBufferOutputStream(Math.max(512, batch.remaining()));
        out.position(BatchHeader.HEADER_BYTES);
        try (OutputStream packer = target.wrapForOutput(out, MAGIC)) {
            source.copyTo(packer);
        }
        ByteBuffer copy = out.buffer().flip();
        copy.put(0, batch, batch.position(), BatchHeader.HEADER_BYTES);
        copy.putInt(BatchHeader.LENGTH, copy.limit() - BatchHeader.LOG_OVERHEAD);
        putCompression(copy, target.type());
        putTimestamps(copy, logAppendTime, maxTimestampMs);
        putCrc(copy);
        return copy;
    }

    private static void putCompression(ByteBuffer batch, CompressionType type) {
        int others = BatchHeader.attributes(batch, 0) & ~COMPRESSION_MASK;
        batch.putShort(BatchHeader.ATTRIBUTES, (short) (others | type.id));
    }

    private static void putTimestamps(ByteBuffer batch, boolean logAppendTime, long maxTimestampMs) {
        int others = BatchHeader.attributes(batch, 0) & ~LOG_APPEND_TIME_BIT;
        batch.putShort(BatchHeader.ATTRIBUTES, (short) (others | (logAppendTime ? LOG_APPEND_TIME_BIT : 0)));
        batch.putLong(BatchHeader.MAX_TIMESTAMP, maxTimestampMs);
    }

    private static void putCrc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(BatchHeader.ATTRIBUTES));
        batch.putInt(BatchHeader.CRC, (int) crc.getValue());
    }

    /** Where the unpacked records come from. */
    interface RecordSource {
        void copyTo(OutputStream out) throws IOException;
    }
}
