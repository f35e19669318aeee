package io.penstock.storage.chronicle;

import io.penstock.storage.compact.SegmentView;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import io.penstock.storage.index.SegmentLookup;

/**
 * What a log knows of a segment that it does not write any more, without touching the segment's files. Immutable.
 *
 * @param number which directory it is in
 * @param baseOffset its first offset
 * @param endOffset one past its last live offset
 * @param endPosition where its last live excerpt ends; what follows in the file is dead
 * @param sizeBytes bytes of its live batches
 * @param firstTimestampMs largest timestamp of its first batch, or -1
 * @param maxTimestampMs largest timestamp of its live batches, or -1
 * @param lastAppendMs wall-clock time at which it was finished: bounds what its timestamps can mean
 * @param abortedCount aborted transactions whose marker is in it
 * @param compacted whether it was rewritten by the compaction: then offsets may be missing before its last one
 * @param synced whether the batches up to {@code endPosition} and the index file are known to survive the loss of power
 */
record SegmentFacts(
        int number,
        long baseOffset,
        long endOffset,
        long endPosition,
        long sizeBytes,
        long firstTimestampMs,
        long maxTimestampMs,
        long lastAppendMs,
        int abortedCount,
        boolean compacted,
        boolean synced) {
    private static final int SYNCED_BIT = 1;
    private static final int COMPACTED_BIT = 2;
    static final int ENCODED_BYTES = 2 * Integer.BYTES + 7 * Long.BYTES + Short.BYTES;

    /** As {@code this}, known to survive. */
    SegmentFacts asSynced() {
        return withFlags(compacted, true);
    }

    /** As {@code this}, known to be written by the compaction, or not. */
    SegmentFacts withFlags(boolean isCompacted, boolean isSynced) {
        return new SegmentFacts(
                number,
                baseOffset,
                endOffset,
                endPosition,
                sizeBytes,
                firstTimestampMs,
                maxTimestampMs,
                lastAppendMs,
                abortedCount,
                isCompacted,
                isSynced);
    }

    /** What the choice of segments to compact needs to know. */
    SegmentView toView() {
        return new SegmentView(baseOffset, endOffset, sizeBytes, firstTimestampMs, maxTimestampMs, synced);
    }

    /** What is left when the end is cut. */
    SegmentFacts cut(SegmentLookup rest, long newEndPosition, int newAbortedCount) {
        return new SegmentFacts(
                number,
                baseOffset,
                rest.lastOffset() + 1,
                newEndPosition,
                rest.sizeBytes(),
                rest.firstTimestampMs(),
                rest.maxTimestampMs(),
                lastAppendMs,
                newAbortedCount,
                compacted,
                synced);
    }

    void encode(SealedWriter out) {
        out.putInt(number).putLong(baseOffset).putLong(endOffset).putLong(endPosition);
        out.putLong(sizeBytes).putLong(firstTimestampMs).putLong(maxTimestampMs).putLong(lastAppendMs);
        out.putInt(abortedCount).putShort((synced ? SYNCED_BIT : 0) | (compacted ? COMPACTED_BIT : 0));
    }

    static SegmentFacts decode(SealedReader in) throws CorruptFileException {
        SegmentFacts facts = new SegmentFacts(
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                false,
                false);
        int flags = in.readShort();
        facts = facts.withFlags((flags & COMPACTED_BIT) != 0, (flags & SYNCED_BIT) != 0);
        if (facts.number < 1 || facts.baseOffset < 0 || facts.endOffset <= facts.baseOffset || facts.endPosition < 0) {
            throw in.corrupt("a segment with offsets that rise", facts);
        }
        return facts;
    }
}
