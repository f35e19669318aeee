package io.penstock.storage.memory;

import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link InMemoryLog} holds, and what stays in the store while it is closed. Owned by the open log; handed over through the
 * store's map from one open log to the next.
 *
 * <p>There is always at least one segment; the last one is active. Invariant: start offset ≤ synced offset or end offset, synced
 * offset ≤ end offset.
 */
final class MemoryContent {
    private final MemoryBudget budget;
    private final NavigableMap<Long, MemorySegment> segments = new TreeMap<>();
    private final LeaderEpochTable leaderEpochs = new LeaderEpochTable();
    private ProducerStateTable producers = new ProducerStateTable(0);
    private long startOffset;
    private long firstDirtyOffset;
    private byte @Nullable [] note;

    MemoryContent(int indexIntervalBytes, MemoryBudget budget) {
        this.budget = budget;
        addSegment(0, indexIntervalBytes);
    }

    private MemorySegment addSegment(long baseOffset, int indexIntervalBytes) {
        MemorySegment segment = newSegment(baseOffset, producers.toSnapshot(), indexIntervalBytes);
        segments.put(baseOffset, segment);
        return segment;
    }

    /** A segment that is not part of the log yet. Safe from any thread. */
    MemorySegment newSegment(long baseOffset, byte[] producersAtStart, int indexIntervalBytes) {
        return new MemorySegment(baseOffset, producersAtStart, indexIntervalBytes, budget);
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return active().endOffset();
    }

    long sizeBytes() {
        long bytes = 0;
        for (MemorySegment segment : segments.values()) {
            bytes += segment.sizeBytes();
        }
        return bytes;
    }

    ProducerStateTable producers() {
        return producers;
    }

    LeaderEpochTable leaderEpochs() {
        return leaderEpochs;
    }

    /** By base offset, oldest first. */
    NavigableMap<Long, MemorySegment> segments() {
        return segments;
    }

    MemorySegment active() {
        return segments.lastEntry().getValue();
    }

    /** The segment that holds {@code offset} or would, or null below the first. */
    @Nullable
    MemorySegment segmentOf(long offset) {
        Map.Entry<Long, MemorySegment> entry = segments.floorEntry(offset);
        return entry == null ? null : entry.getValue();
    }

    @Nullable
    MemorySegment segmentAfter(MemorySegment segment) {
        Map.Entry<Long, MemorySegment> entry = segments.higherEntry(segment.baseOffset());
        return entry == null ? null : entry.getValue();
    }

    void append(ByteBuffer batch, int leaderEpoch) {
        long offset = endOffset();
        active().append(batch, offset, leaderEpoch, producers);
        // After the append: one that found no room must leave no trace.
        if (leaderEpoch >= 0) {
            leaderEpochs.assign(leaderEpoch, offset);
        }
    }

    /** Seals the active segment, which has batches, and begins the next. */
    void roll(int indexIntervalBytes) {
        addSegment(endOffset(), indexIntervalBytes);
    }

    /** Moves the start up, never down, and drops sealed segments that are wholly below it. */
    void advanceStartTo(long offset) {
        if (offset > startOffset) {
            startOffset = offset;
            leaderEpochs.truncateFromStart(offset);
        }
        while (segments.size() > 1 && oldest().endOffset() <= startOffset) {
            dropOldest();
        }
    }

    MemorySegment oldest() {
        return segments.firstEntry().getValue();
    }

    private void dropOldest() {
        segments.pollFirstEntry().getValue().release();
    }

    void truncateTo(long offset, int indexIntervalBytes) {
        while (segments.size() > 1 && active().baseOffset() >= offset) {
            segments.pollLastEntry().getValue().release();
        }
        MemorySegment last = active();
        producers = restore(last.producersAtStart());
        last.truncateTo(offset, indexIntervalBytes, producers);
        startOffset = Math.min(startOffset, last.endOffset());
        firstDirtyOffset = Math.min(firstDirtyOffset, last.endOffset());
        leaderEpochs.truncateFromEnd(last.endOffset());
    }

    private static ProducerStateTable restore(byte[] snapshot) {
        try {
            return ProducerStateTable.fromSnapshot(snapshot);
        } catch (CorruptFileException | FutureVersionException e) {
            throw new IllegalStateException("a snapshot that never left the memory is damaged", e);
        }
    }

    void startAnewAt(long offset, int indexIntervalBytes) {
        release();
        leaderEpochs.clear();
        producers = new ProducerStateTable(offset);
        startOffset = offset;
        firstDirtyOffset = offset;
        addSegment(offset, indexIntervalBytes);
    }

    /** What the owner keeps beside the records. */
    byte @Nullable [] note() {
        return note;
    }

    void keepNote(byte[] content) {
        note = content;
    }

    /** Where the next compaction begins; may be below the start. */
    long firstDirtyOffset() {
        return firstDirtyOffset;
    }

    /** Nothing below was left uncompacted. */
    void compactedUpTo(long offset) {
        firstDirtyOffset = offset;
    }

    /** Whether the segment is part of the log, not the active one, and still ends there. */
    boolean isSealed(MemorySegment segment, long segmentEndOffset) {
        return segments.get(segment.baseOffset()) == segment
                && segment != active()
                && segment.endOffset() == segmentEndOffset;
    }

    /** Puts a segment in the place of neighbours of whose batches it was made. */
    void replace(List<MemorySegment> old, MemorySegment made) {
        for (MemorySegment segment : old) {
            segments.remove(segment.baseOffset());
            segment.release();
        }
        segments.put(made.baseOffset(), made);
    }

    /** Gives all memory back, as far as no slices are out. */
    void release() {
        segments.values().forEach(MemorySegment::release);
        segments.clear();
    }
}
