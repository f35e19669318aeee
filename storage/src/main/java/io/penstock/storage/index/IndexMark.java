package io.penstock.storage.index;

/**
 * A batch that has an index entry, and the sum of all batches before it in the segment. Immutable.
 *
 * @param baseOffset base offset of the batch, or -1
 * @param position its position, or -1
 * @param maxTimestampBeforeMs largest timestamp before it, or -1
 * @param offsetOfMaxTimestampBefore as {@link SegmentLookup#offsetOfMaxTimestamp}, for the batches before it
 * @param bytesBefore bytes of the batches before it
 * @param batchesBefore their number
 */
public record IndexMark(
        long baseOffset,
        long position,
        long maxTimestampBeforeMs,
        long offsetOfMaxTimestampBefore,
        long bytesBefore,
        int batchesBefore) {
    /** No batch. */
    public static final IndexMark EMPTY = new IndexMark(SegmentLookup.NONE, SegmentLookup.NONE, -1, -1, 0, 0);
}
