package io.penstock.storage.index;

/**
 * The state of an index at an earlier batch boundary: how a truncation or a recovery avoids reading a segment from its start.
 *
 * <p>To finish, read the batches from {@code scanPosition} on and give those that stay to {@code builder}. Owned by the caller.
 *
 * @param builder index of all batches before the boundary
 * @param scanOffset base offset of the first batch to read, or -1 for the first one of the segment
 * @param scanPosition its position, or -1 for the start of the segment
 */
public record IndexRewind(SegmentIndexBuilder builder, long scanOffset, long scanPosition) {

    /**
     * Goes back to the last entry but one below {@code endOffset}: the batch of the last one may reach beyond the offset, and at least
     * one batch has to be read again to learn the position of the last one that stays.
     */
    static IndexRewind of(
            SegmentTotals totals, IndexEntries entries, AbortedList aborted, int intervalBytes, long endOffset) {
        int boundary = entries.floor(endOffset - 1) - 1;
        if (boundary <= 0) {
            return new IndexRewind(new SegmentIndexBuilder(intervalBytes), SegmentLookup.NONE, SegmentLookup.NONE);
        }
        IndexMark mark = entries.mark(boundary);
        SegmentTotals before = new SegmentTotals(
                totals.firstOffset(),
                mark.baseOffset() - 1,
                SegmentLookup.NONE,
                totals.firstTimestampMs(),
                mark.maxTimestampBeforeMs(),
                mark.offsetOfMaxTimestampBefore(),
                mark.bytesBefore(),
                mark.batchesBefore());
        SegmentIndexBuilder builder = new SegmentIndexBuilder(
                intervalBytes, before, entries.copy(boundary), aborted.copyBelow(mark.baseOffset()));
        return new IndexRewind(builder, mark.baseOffset(), mark.position());
    }
}
