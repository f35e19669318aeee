package io.penstock.core.partition;

import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Some of the batches of other slices, whose memory they keep. Nothing is copied. Safe from any thread, as the others are. */
final class CutSlices implements LogSlices {
    private final LogSlices whole;
    private final List<ByteBuffer> buffers;
    private final int sizeBytes;

    private CutSlices(LogSlices whole, List<ByteBuffer> buffers, int sizeBytes) {
        this.whole = whole;
        this.buffers = List.copyOf(buffers);
        this.sizeBytes = sizeBytes;
    }

    /** What is left without the batches of aborted transactions. Takes {@code whole} over. */
    static LogSlices of(LogSlices whole, AbortedBatches aborted) {
        List<ByteBuffer> kept = new ArrayList<>();
        int keptBytes = 0;
        for (ByteBuffer buffer : whole.buffers()) {
            keptBytes += cut(buffer, aborted, kept);
        }
        if (keptBytes == whole.sizeBytes()) {
            return whole;
        }
        if (keptBytes == 0) {
            whole.release();
            return EMPTY;
        }
        return new CutSlices(whole, kept, keptBytes);
    }

    private static int cut(ByteBuffer buffer, AbortedBatches aborted, List<ByteBuffer> kept) {
        int keptBytes = 0;
        int from = buffer.position();
        int at = from;
        while (at < buffer.limit()) {
            int next = at + BatchHeader.sizeInBytes(buffer, at);
            if (aborted.contains(buffer, at)) {
                keptBytes += keep(buffer, from, at, kept);
                from = next;
            }
            at = next;
        }
        return keptBytes + keep(buffer, from, at, kept);
    }

    private static int keep(ByteBuffer buffer, int from, int to, List<ByteBuffer> kept) {
        if (to > from) {
            kept.add(buffer.slice(from, to - from));
        }
        return to - from;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public List<ByteBuffer> buffers() {
        return buffers;
    }

    /** One past the last offset that was looked at, also if that batch was left out. */
    @Override
    public long nextOffset() {
        return whole.nextOffset();
    }

    @Override
    public LogSlices retain() {
        whole.retain();
        return this;
    }

    @Override
    public void release() {
        whole.release();
    }
}
