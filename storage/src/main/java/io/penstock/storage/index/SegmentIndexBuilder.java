package io.penstock.storage.index;

import io.penstock.storage.AbortedTransaction;
import java.util.List;

/**
 * Index of the segment that is being written; answers while it grows. Owned by the log.
 *
 * <p>An entry every {@code intervalBytes} of batches, but at most {@link IndexEntries#MAX_ENTRIES}: a large segment with small
 * intervals gets wider ones; and the {@link RecentBatches} for readers at the end. So memory is bounded by 390 KB, and an index of a few
 * batches costs a few hundred bytes.
 */
public final class SegmentIndexBuilder implements SegmentLookup {
    private final IndexEntries entries;
    private final AbortedList aborted;
    private final RecentBatches recent = new RecentBatches();
    private long intervalBytes;
    private long nextEntryAtBytes;

    private long firstOffset = NONE;
    private long lastOffset = NONE;
    private long lastPosition = NONE;
    private long firstTimestampMs = -1;
    private long maxTimestampMs = -1;
    private long offsetOfMaxTimestamp = NONE;
    private long sizeBytes;
    private int batchCount;

    /** @param intervalBytes least bytes between two entries; 0 indexes every batch */
    public SegmentIndexBuilder(int intervalBytes) {
        this.intervalBytes = intervalBytes;
        this.entries = new IndexEntries(4);
        this.aborted = new AbortedList();
    }

    /** Goes on where {@code totals} ends. Takes over the entries and the list. */
    SegmentIndexBuilder(int intervalBytes, SegmentTotals totals, IndexEntries entries, AbortedList aborted) {
        this.intervalBytes = intervalBytes;
        this.entries = entries;
        this.aborted = aborted;
        firstOffset = totals.firstOffset();
        lastOffset = totals.lastOffset();
        lastPosition = totals.lastPosition();
        firstTimestampMs = totals.firstTimestampMs();
        maxTimestampMs = totals.maxTimestampMs();
        offsetOfMaxTimestamp = totals.offsetOfMaxTimestamp();
        sizeBytes = totals.sizeBytes();
        batchCount = totals.batchCount();
        nextEntryAtBytes = sizeBytes;
    }

    /**
     * Notes the next batch.
     *
     * @param baseOffset above {@link #lastOffset}
     * @param lastOffset inclusive
     * @param maxTimestampMs largest timestamp of the batch, or -1
     * @param offsetOfMaxTimestamp offset of the first record that has it; {@code lastOffset} if unknown
     * @param batchBytes whole size
     * @param position where the batch is, in the log's own terms
     */
    public void onBatch(
            long baseOffset,
            long lastOffset,
            long maxTimestampMs,
            long offsetOfMaxTimestamp,
            int batchBytes,
            long position) {
        if (baseOffset <= this.lastOffset) {
            throw new IllegalArgumentException(
                    "expected a batch above offset " + this.lastOffset + ", found " + baseOffset);
        }
        if (sizeBytes >= nextEntryAtBytes) {
            addEntry(baseOffset, position);
        }
        if (batchCount == 0) {
            firstOffset = baseOffset;
            firstTimestampMs = maxTimestampMs;
        }
        if (maxTimestampMs > this.maxTimestampMs) {
            this.maxTimestampMs = maxTimestampMs;
            this.offsetOfMaxTimestamp = offsetOfMaxTimestamp;
        }
        this.lastOffset = lastOffset;
        lastPosition = position;
        recent.add(baseOffset, position);
        sizeBytes += batchBytes;
        batchCount++;
    }

    private void addEntry(long baseOffset, long position) {
        if (entries.isFull()) {
            entries.thin();
            intervalBytes = Math.max(intervalBytes * 2, sizeBytes / entries.count());
        }
        entries.add(new IndexMark(baseOffset, position, maxTimestampMs, offsetOfMaxTimestamp, sizeBytes, batchCount));
        nextEntryAtBytes = sizeBytes + intervalBytes + 1;
    }

    /** Notes a transaction whose abort marker is the batch noted last. */
    public void onAborted(AbortedTransaction transaction) {
        aborted.add(transaction);
    }

    /** An index of everything noted so far; the builder may go on. */
    public SegmentIndex seal() {
        SegmentTotals totals = new SegmentTotals(
                firstOffset,
                lastOffset,
                lastPosition,
                firstTimestampMs,
                maxTimestampMs,
                offsetOfMaxTimestamp,
                sizeBytes,
                batchCount);
        return new SegmentIndex(totals, entries.copy(), aborted.copy());
    }

    @Override
    public long firstOffset() {
        return firstOffset;
    }

    @Override
    public long lastOffset() {
        return lastOffset;
    }

    @Override
    public long lastPosition() {
        return lastPosition;
    }

    @Override
    public long firstTimestampMs() {
        return firstTimestampMs;
    }

    @Override
    public long maxTimestampMs() {
        return maxTimestampMs;
    }

    @Override
    public long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int batchCount() {
        return batchCount;
    }

    @Override
    public IndexMark startFor(long offset) {
        return Lookups.startFor(entries, offset);
    }

    @Override
    public long positionFor(long offset) {
        long position = recent.positionFor(offset);
        return position == NONE ? Lookups.positionFor(entries, offset) : position;
    }

    @Override
    public long baseOffsetFor(long offset) {
        long baseOffset = recent.baseOffsetFor(offset);
        return baseOffset == NONE ? Lookups.baseOffsetFor(entries, offset) : baseOffset;
    }

    @Override
    public IndexMark startForTimestamp(long timestampMs) {
        return Lookups.startForTimestamp(entries, maxTimestampMs, timestampMs);
    }

    @Override
    public IndexMark markFor(long offset) {
        return Lookups.markFor(entries, offset);
    }

    @Override
    public boolean collectAborted(long fromOffset, long toOffset, List<AbortedTransaction> found) {
        return aborted.collect(fromOffset, toOffset, found);
    }
}
