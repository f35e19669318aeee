package io.penstock.storage.chronicle;

import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;

/**
 * Walks over the batches of a segment, in order, without looking further than their headers. Owned by the task that walks; the
 * caller holds a reference to the mapping.
 *
 * <p>A header that cannot be (a length beyond the limit, a batch that does not fill its excerpt) ends the walk with {@link #isDamaged}.
 */
final class BatchCursor {
    private final SegmentMapping mapping;
    private final long limit;
    private long next;
    private long position = -1;
    private int length;
    private boolean damaged;

    /**
     * @param start position of an excerpt
     * @param limit where to stop, exclusive
     */
    BatchCursor(SegmentMapping mapping, long start, long limit) {
        this.mapping = mapping;
        this.next = start;
        this.limit = Math.min(limit, mapping.lengthBytes());
    }

    /** Goes to the next batch; false at the end. */
    boolean advance() {
        while (next + Excerpts.HEADER_BYTES <= limit) {
            int header = mapping.readNativeInt(next);
            if (!Excerpts.isReady(header)) {
                return false;
            }
            int found = Excerpts.lengthOf(header);
            if (next + Excerpts.HEADER_BYTES + found > limit) {
                damaged = true;
                return false;
            }
            long at = next;
            if (Excerpts.isBatch(header) != fills(at, found)) {
                // Chronicle's own excerpts never look like a batch: one that does has lost the bit that says what it
                // is.
                damaged = true;
                return false;
            }
            if (!Excerpts.isBatch(header)) {
                next = Excerpts.next(at, found);
                continue;
            }
            next = Excerpts.next(at, found);
            position = at;
            length = found;
            return true;
        }
        return false;
    }

    private boolean fills(long at, int found) {
        long content = at + Excerpts.HEADER_BYTES;
        return found >= BatchHeader.HEADER_BYTES
                && BatchHeader.sizeInBytes(mapping.view(content), SegmentMapping.indexOf(content)) == found;
    }

    /** Position of the current batch's excerpt. */
    long position() {
        return position;
    }

    /** Position right after the current excerpt, or where the walk ended. */
    long nextPosition() {
        return next;
    }

    /** Bytes of the current batch. */
    int sizeInBytes() {
        return length;
    }

    /** Whether the walk ended at something that no append can have left. */
    boolean isDamaged() {
        return damaged;
    }

    /** The buffer that holds the current batch at {@link #index}. */
    ByteBuffer view() {
        return mapping.view(position + Excerpts.HEADER_BYTES);
    }

    int index() {
        return SegmentMapping.indexOf(position + Excerpts.HEADER_BYTES);
    }

    /** The current batch, read-only. */
    ByteBuffer batch() {
        return mapping.slice(position + Excerpts.HEADER_BYTES, length);
    }

    long baseOffset() {
        return BatchHeader.baseOffset(view(), index());
    }

    long lastOffset() {
        return BatchHeader.lastOffset(view(), index());
    }
}
