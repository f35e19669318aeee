package io.penstock.storage.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * Of a compressed batch. Memory is bounded by the largest record, which is believed only as its bytes arrive, and work by the limit of
 * what may be unpacked.
 */
final class StreamedBodies implements RecordBodies {
    private static final byte MAGIC = 2;
    private static final int LENGTH_BITS = 35;

    private final InputStream unpacked;
    private final UnpackBuffers buffers;
    private long leftBytes;
    private ByteBuffer body = ByteBuffer.wrap(new byte[0]);

    /**
     * Stands before the first record.
     *
     * @param records position to limit is what follows the batch's header
     * @throws RuntimeException the decompressor refuses the start
     */
    StreamedBodies(ByteBuffer records, CompressionType type, long maxUnpackedBytes, UnpackBuffers buffers) {
        unpacked = Compression.of(type).build().wrapForInput(records, MAGIC, buffers.decompressors());
        this.buffers = buffers;
        leftBytes = maxUnpackedBytes;
    }

    @Override
    public ByteBuffer next() throws IOException {
        int bytes = readLength();
        take(bytes);
        byte[] room = buffers.record().length > body.array().length ? buffers.record() : body.array();
        int got = 0;
        while (got < bytes) {
            if (got == room.length) {
                room = buffers.grown(room, bytes);
            }
            int read = unpacked.read(room, got, Math.min(bytes, room.length) - got);
            if (read < 0) {
                throw new EOFException("record of " + bytes + " bytes ends after " + got);
            }
            got += read;
        }
        if (room != body.array()) {
            body = ByteBuffer.wrap(room);
        }
        return body.clear().limit(bytes);
    }

    private int readLength() throws IOException {
        int bits = 0;
        for (int shift = 0; shift < LENGTH_BITS; shift += 7) {
            int next = unpacked.read();
            if (next < 0) {
                throw new EOFException("no further record");
            }
            take(1);
            bits |= (next & 0x7f) << shift;
            if (next < 0x80) {
                int length = (bits >>> 1) ^ -(bits & 1);
                if (length < 0) {
                    throw new IllegalArgumentException("record of " + length + " bytes");
                }
                return length;
            }
        }
        throw new IllegalArgumentException("record length of more than five bytes");
    }

    private void take(int bytes) {
        leftBytes -= bytes;
        if (leftBytes < 0) {
            throw new IllegalArgumentException("unpacks to more than is allowed");
        }
    }

    @Override
    public void close() throws IOException {
        unpacked.close();
    }
}
