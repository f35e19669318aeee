package io.penstock.storage.memory;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.index.SegmentLookup;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment of an {@link InMemoryLog}: batches in chunks that start at 4 KiB and double up to 1 MiB, so that a small log costs little.
 * Owned by the log.
 *
 * <p>A position, as the index keeps it, is the number of the chunk in the upper and the byte in it in the lower half of a long.
 */
final class MemorySegment {
    private static final int FIRST_CHUNK_BYTES = 1 << 12;
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    private final long baseOffset;
    private final MemoryBudget budget;
    private final byte[] producersAtStart;
    private final List<MemoryChunk> chunks = new ArrayList<>();
    private SegmentIndexBuilder index;
    private boolean lastChunkIsClosed;
    /** When an untimed segment was first seen by a retention run, or -1; stands in for the timestamp it lacks. */
    private long firstSeenMs = -1;

    /**
     * @param baseOffset offset that its first batch will get
     * @param producersAtStart snapshot of the producer table before that batch
     */
    MemorySegment(long baseOffset, byte[] producersAtStart, int indexIntervalBytes, MemoryBudget budget) {
        this.baseOffset = baseOffset;
        this.producersAtStart = producersAtStart;
        this.budget = budget;
        index = new SegmentIndexBuilder(indexIntervalBytes);
    }

    long baseOffset() {
        return baseOffset;
    }

    SegmentLookup index() {
        return index;
    }

    byte[] producersAtStart() {
        return producersAtStart;
    }

    boolean isEmpty() {
        return index.batchCount() == 0;
    }

    /** One past the last offset. */
    long endOffset() {
        return isEmpty() ? baseOffset : index.lastOffset() + 1;
    }

    long sizeBytes() {
        return index.sizeBytes();
    }

    /** Newest timestamp, or the time of the first call for a segment whose records have none. */
    long newestMs(long nowMs) {
        return index.maxTimestampMs() >= 0 ? index.maxTimestampMs() : firstSeenMs(nowMs);
    }

    /** Timestamp of the first batch, or the time of the first call if it has none. */
    long oldestMs(long nowMs) {
        return index.firstTimestampMs() >= 0 ? index.firstTimestampMs() : firstSeenMs(nowMs);
    }

    private long firstSeenMs(long nowMs) {
        if (firstSeenMs < 0) {
            firstSeenMs = nowMs;
        }
        return firstSeenMs;
    }

    /**
     * Copies a batch in, under a new base offset and leader epoch, and gives it to {@code producers}. Throws, changing nothing, if the
     * budget is spent.
     */
    void append(ByteBuffer batch, long offset, int leaderEpoch, ProducerStateTable producers) {
        MemoryChunk chunk = chunkFor(batch.remaining());
        int at = chunk.append(batch);
        BatchHeader.putBaseOffset(chunk.memory(), at, offset);
        BatchHeader.putLeaderEpoch(chunk.memory(), at, leaderEpoch);
        noteBatch(position(chunks.size() - 1, at), producers);
    }

    /** Copies in what the compaction has left of a batch, with its own offset and epoch. Throws, changing nothing, if the budget is spent. */
    void addCompacted(ByteBuffer batch) {
        MemoryChunk chunk = chunkFor(batch.remaining());
        index(position(chunks.size() - 1, chunk.append(batch)));
    }

    /** Takes over a transaction whose abort marker is in this segment. */
    void addAborted(AbortedTransaction aborted) {
        index.onAborted(aborted);
    }

    /** The chunks now, oldest first. */
    List<MemoryChunk> chunks() {
        return List.copyOf(chunks);
    }

    private void noteBatch(long position, ProducerStateTable producers) {
        index(position);
        AbortedTransaction aborted = producers.onAppended(batch(position), baseOffset(position));
        if (aborted != null) {
            index.onAborted(aborted);
        }
    }

    private void index(long position) {
        long lastOffset = lastOffset(position);
        index.onBatch(
                baseOffset(position),
                lastOffset,
                maxTimestampMs(position),
                lastOffset,
                sizeInBytes(position),
                position);
    }

    private MemoryChunk chunkFor(int bytes) {
        MemoryChunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (last != null && !lastChunkIsClosed && last.freeBytes() >= bytes) {
            return last;
        }
        int doubled = last == null ? FIRST_CHUNK_BYTES : Math.min(last.sizeBytes(), MAX_CHUNK_BYTES / 2) * 2;
        MemoryChunk next = new MemoryChunk(Math.max(bytes, doubled), budget);
        chunks.add(next);
        lastChunkIsClosed = false;
        return next;
    }

    /** Position of the first batch whose last offset is at or above {@code offset}, or -1. */
    long find(long offset) {
        if (offset >= endOffset()) {
            return SegmentLookup.NONE;
        }
        long position = index.positionFor(offset);
        while (position != SegmentLookup.NONE && lastOffset(position) < offset) {
            position = next(position);
        }
        return position;
    }

    /** Position of the batch behind, or -1. */
    long next(long position) {
        int chunk = chunkNumber(position);
        int after = byteAt(position) + sizeInBytes(position);
        if (after < chunks.get(chunk).endPosition()) {
            return position(chunk, after);
        }
        return chunk + 1 < chunks.size() ? position(chunk + 1, 0) : SegmentLookup.NONE;
    }

    /** Position of the first batch, or -1. */
    long first() {
        return isEmpty() ? SegmentLookup.NONE : 0;
    }

    MemoryChunk chunkAt(long position) {
        return chunks.get(chunkNumber(position));
    }

    static int byteAt(long position) {
        return (int) position;
    }

    int sizeInBytes(long position) {
        return BatchHeader.sizeInBytes(chunkAt(position).memory(), byteAt(position));
    }

    long baseOffset(long position) {
        return BatchHeader.baseOffset(chunkAt(position).memory(), byteAt(position));
    }

    long lastOffset(long position) {
        return BatchHeader.lastOffset(chunkAt(position).memory(), byteAt(position));
    }

    long maxTimestampMs(long position) {
        return BatchHeader.maxRecordTimestamp(chunkAt(position).memory(), byteAt(position));
    }

    /** The batch as a buffer of its own; the segment must outlive it. */
    ByteBuffer batch(long position) {
        return chunkAt(position).slice(byteAt(position), sizeInBytes(position));
    }

    /**
     * Drops every batch that reaches to or above {@code offset}, and gives the others to {@code producers}.
     *
     * @param producers the table as it was before the first batch
     */
    void truncateTo(long offset, int indexIntervalBytes, ProducerStateTable producers) {
        long position = first();
        index = new SegmentIndexBuilder(indexIntervalBytes);
        while (position != SegmentLookup.NONE && lastOffset(position) < offset) {
            noteBatch(position, producers);
            position = next(position);
        }
        if (position != SegmentLookup.NONE) {
            cutChunks(position);
        }
    }

    private void cutChunks(long position) {
        int keep = byteAt(position) == 0 ? chunkNumber(position) : chunkNumber(position) + 1;
        List<MemoryChunk> dropped = chunks.subList(keep, chunks.size());
        dropped.forEach(MemoryChunk::release);
        dropped.clear();
        if (byteAt(position) != 0) {
            chunkAt(position).cut(byteAt(position));
        }
        lastChunkIsClosed = true;
    }

    /** Gives all memory back, as far as no slices are out. */
    void release() {
        chunks.forEach(MemoryChunk::release);
        chunks.clear();
    }

    private static long position(int chunk, int at) {
        return ((long) chunk << Integer.SIZE) | at;
    }

    private static int chunkNumber(long position) {
        return (int) (position >>> Integer.SIZE);
    }
}
