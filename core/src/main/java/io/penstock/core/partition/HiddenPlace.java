package io.penstock.core.partition;

import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.BatchRebuild;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Stands for batches that are hidden from a reader when nothing behind them can be served yet: one batch without records, as a
 * compaction leaves them, that takes the reader over their last offset. Immutable; its memory is its own.
 */
public final class HiddenPlace implements LogSlices {
    private final ByteBuffer batch;
    private final long nextOffset;

    private HiddenPlace(ByteBuffer batch, long nextOffset) {
        this.batch = batch;
        this.nextOffset = nextOffset;
    }

    /** Stands for all batches of these slices, which stay the caller's; there must be one. */
    public static LogSlices of(LogSlices hidden) {
        ByteBuffer last = hidden.buffers().get(hidden.buffers().size() - 1);
        int at = last.position();
        while (at + BatchHeader.sizeInBytes(last, at) < last.limit()) {
            at += BatchHeader.sizeInBytes(last, at);
        }
        return new HiddenPlace(
                BatchRebuild.empty(last.slice(at, last.limit() - at)).asReadOnlyBuffer(), hidden.nextOffset());
    }

    @Override
    public int sizeBytes() {
        return batch.remaining();
    }

    @Override
    public List<ByteBuffer> buffers() {
        return List.of(batch);
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public LogSlices retain() {
        return this;
    }

    @Override
    public void release() {}
}
