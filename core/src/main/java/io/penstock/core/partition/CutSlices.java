package io.penstock.core.partition;

import io.penstock.storage.FileSlice;
import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some of the batches of other slices, whose memory they keep. Nothing is copied. Safe from any thread, as the others are. */
final class CutSlices implements LogSlices {
    private final LogSlices whole;
    private final List<ByteBuffer> buffers;
    private final List<FileSlice> fileSlices;
    private final int sizeBytes;

    private CutSlices(LogSlices whole, Kept kept) {
        this.whole = whole;
        this.buffers = List.copyOf(kept.buffers);
        this.fileSlices = List.copyOf(kept.fileSlices);
        this.sizeBytes = kept.bytes;
    }

    /** What is left without the batches of aborted transactions. Takes {@code whole} over. */
    static LogSlices of(LogSlices whole, AbortedBatches aborted) {
        List<FileSlice> fileSlices = whole.fileSlices();
        Kept kept = new Kept();
        for (int i = 0; i < whole.buffers().size(); i++) {
            kept.add(whole.buffers().get(i), fileSlices.isEmpty() ? null : fileSlices.get(i), aborted);
        }
        if (kept.bytes == whole.sizeBytes()) {
            return whole;
        }
        if (kept.bytes == 0) {
            whole.release();
            return EMPTY;
        }
        return new CutSlices(whole, kept);
    }

    /** What has been kept so far. Owned by one cut. */
    private static final class Kept {
        private final List<ByteBuffer> buffers = new ArrayList<>();
        private final List<FileSlice> fileSlices = new ArrayList<>();
        private int bytes;

        /** @param file where the buffer's bytes are; null if that is not known */
        void add(ByteBuffer buffer, @Nullable FileSlice file, AbortedBatches aborted) {
            int from = buffer.position();
            int at = from;
            while (at < buffer.limit()) {
                int next = at + BatchHeader.sizeInBytes(buffer, at);
                if (aborted.contains(buffer, at)) {
                    add(buffer, file, from, at);
                    from = next;
                }
                at = next;
            }
            add(buffer, file, from, at);
        }

        private void add(ByteBuffer buffer, @Nullable FileSlice file, int from, int to) {
            if (to == from) {
                return;
            }
            buffers.add(buffer.slice(from, to - from));
            if (file != null) {
                fileSlices.add(file.part(from - buffer.position(), to - from));
            }
            bytes += to - from;
        }
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public List<FileSlice> fileSlices() {
        return fileSlices;
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
