package io.penstock.storage.index;

/**
 * Where the last batches of a growing segment are: a reader that keeps up finds its place without a walk from the last index entry,
 * which may be many small batches back. Owned by the segment's index.
 */
final class RecentBatches {
    /** A power of two. */
    private static final int CAPACITY = 16;

    private static final int NOT_HERE = -1;

    private final long[] baseOffsets = new long[CAPACITY];
    private final long[] positions = new long[CAPACITY];
    /** Of all batches ever added; the last {@value #CAPACITY} are here. */
    private int count;

    void add(long baseOffset, long position) {
        int slot = count & (CAPACITY - 1);
        baseOffsets[slot] = baseOffset;
        positions[slot] = position;
        count++;
    }

    /** Position of the last batch whose base offset is at or below {@code offset}, or {@link SegmentLookup#NONE} if it is not here. */
    long positionFor(long offset) {
        int slot = slotFor(offset);
        return slot == NOT_HERE ? SegmentLookup.NONE : positions[slot];
    }

    /** Base offset of the batch that {@link #positionFor} finds, or {@link SegmentLookup#NONE}. */
    long baseOffsetFor(long offset) {
        int slot = slotFor(offset);
        return slot == NOT_HERE ? SegmentLookup.NONE : baseOffsets[slot];
    }

    /** The newest first: who asks mostly wants one of the last two. */
    private int slotFor(long offset) {
        int held = Math.min(count, CAPACITY);
        for (int back = 1; back <= held; back++) {
            int slot = count - back & (CAPACITY - 1);
            if (baseOffsets[slot] <= offset) {
                return slot;
            }
        }
        return NOT_HERE;
    }
}
