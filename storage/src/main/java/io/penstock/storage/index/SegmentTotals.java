package io.penstock.storage.index;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;

/** Sums over all batches of a sealed segment, under the names of {@link SegmentLookup}. Immutable. */
record SegmentTotals(
        long firstOffset,
        long lastOffset,
        long lastPosition,
        long firstTimestampMs,
        long maxTimestampMs,
        long offsetOfMaxTimestamp,
        long sizeBytes,
        int batchCount) {
    static final int ENCODED_BYTES = 7 * Long.BYTES + Integer.BYTES;

    void encode(SealedWriter out) {
        out.putLong(firstOffset).putLong(lastOffset).putLong(lastPosition);
        out.putLong(firstTimestampMs).putLong(maxTimestampMs).putLong(offsetOfMaxTimestamp);
        out.putLong(sizeBytes).putInt(batchCount);
    }

    static SegmentTotals decode(SealedReader in) throws CorruptFileException {
        return new SegmentTotals(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt());
    }
}
