package io.penstock.bench.zerocopy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/** A socket that takes little at a time, and keeps it. */
final class Sink implements GatheringByteChannel {
    private static final int TAKEN_BYTES = 777;

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    byte[] taken() {
        return taken.toByteArray();
    }

    @Override
    public int write(ByteBuffer source) {
        byte[] some = new byte[Math.min(TAKEN_BYTES, source.remaining())];
        source.get(some);
        taken.writeBytes(some);
        return some.length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        int bytes = 0;
        for (int i = offset; i < offset + length && bytes < TAKEN_BYTES; i++) {
            bytes += write(sources[i]);
        }
        return bytes;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
