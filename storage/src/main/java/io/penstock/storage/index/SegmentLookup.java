package io.penstock.storage.index;

import io.penstock.storage.AbortedTransaction;
import java.util.List;

/**
 * Questions to the index of one segment, active or sealed. Positions are opaque to the index: the log gives them and gets them back.
 * Owned as its implementation says.
 */
public interface SegmentLookup {
    /** What positions and offsets are if there is none. */
    long NONE = -1;

    /** Base offset of the first batch, or {@link #NONE} if the segment is empty. */
    long firstOffset();

    /** Offset of the last record, inclusive, or {@link #NONE}. */
    long lastOffset();

    /** Position of the last batch, or {@link #NONE}. */
    long lastPosition();

    /** Largest timestamp in the first batch, ms, or -1: what a segment's age is counted from. */
    long firstTimestampMs();

    /** Largest timestamp of all batches, ms, or -1. */
    long maxTimestampMs();

    /** An offset in the first batch that has {@link #maxTimestampMs}: the record's own if it was known; {@link #NONE} without timestamps. */
    long offsetOfMaxTimestamp();

    /** Bytes of all batches. */
    long sizeBytes();

    int batchCount();

    /**
     * Where to start to read {@code offset}: the last indexed batch whose base offset is at or below it; the first batch if all are
     * above; {@link IndexMark#EMPTY} if the segment is empty.
     */
    IndexMark startFor(long offset);

    /** Position of {@link #startFor} or of a later batch at or below {@code offset}, or {@link #NONE}; makes no object. */
    long positionFor(long offset);

    /** Base offset of the batch at {@link #positionFor}, or {@link #NONE}; makes no object. */
    long baseOffsetFor(long offset);

    /**
     * Where to start to look for the first record with a timestamp at or after {@code timestampMs}: every batch before it has only
     * smaller ones. {@link IndexMark#EMPTY} if no batch of the segment has one.
     */
    IndexMark startForTimestamp(long timestampMs);

    /**
     * The last indexed place at or below {@code offset} with what is known about the batches before it; {@link IndexMark#EMPTY} if
     * there is none.
     */
    IndexMark markFor(long offset);

    /**
     * Adds the aborted transactions whose marker is in this segment and that overlap [fromOffset, toOffset) to {@code found}, by
     * marker offset.
     *
     * @return whether the search is over: no later segment can hold one more
     */
    boolean collectAborted(long fromOffset, long toOffset, List<AbortedTransaction> found);
}
