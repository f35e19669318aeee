package io.penstock.storage.index;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.List;

/**
 * Index of a sealed segment; at most 390 KB and 32 bytes for each aborted transaction. Immutable, so safe from any thread. Made by
 * {@link SegmentIndexBuilder#seal} or {@link #fromBytes}.
 */
public final class SegmentIndex implements SegmentLookup {
    private static final int MAGIC = SealedWriter.magic("PNSI");
    private static final int VERSION = 1;

    private final SegmentTotals totals;
    private final IndexEntries entries;
    private final AbortedList aborted;

    SegmentIndex(SegmentTotals totals, IndexEntries entries, AbortedList aborted) {
        this.totals = totals;
        this.entries = entries;
        this.aborted = aborted;
    }

    @Override
    public long firstOffset() {
        return totals.firstOffset();
    }

    @Override
    public long lastOffset() {
        return totals.lastOffset();
    }

    @Override
    public long lastPosition() {
        return totals.lastPosition();
    }

    @Override
    public long firstTimestampMs() {
        return totals.firstTimestampMs();
    }

    @Override
    public long maxTimestampMs() {
        return totals.maxTimestampMs();
    }

    @Override
    public long offsetOfMaxTimestamp() {
        return totals.offsetOfMaxTimestamp();
    }

    @Override
    public long sizeBytes() {
        return totals.sizeBytes();
    }

    @Override
    public int batchCount() {
        return totals.batchCount();
    }

    @Override
    public IndexMark startFor(long offset) {
        return Lookups.startFor(entries, offset);
    }

    @Override
    public long positionFor(long offset) {
        return Lookups.positionFor(entries, offset);
    }

    @Override
    public long baseOffsetFor(long offset) {
        return Lookups.baseOffsetFor(entries, offset);
    }

    @Override
    public IndexMark startForTimestamp(long timestampMs) {
        return Lookups.startForTimestamp(entries, totals.maxTimestampMs(), timestampMs);
    }

    @Override
    public IndexMark markFor(long offset) {
        return Lookups.markFor(entries, offset);
    }

    @Override
    public boolean collectAborted(long fromOffset, long toOffset, List<AbortedTransaction> found) {
        return aborted.collect(fromOffset, toOffset, found);
    }

    /** A builder that knows all of this and goes on from here: for a segment that is written again. */
    public SegmentIndexBuilder toBuilder(int intervalBytes) {
        return new SegmentIndexBuilder(intervalBytes, totals, entries.copy(), aborted.copy());
    }

    /**
     * Sealed bytes, magic {@code PNSI}, version 1.
     *
     * <pre>
     * long first offset, last offset, last position, first timestamp ms, max timestamp ms, offset of max timestamp, size in bytes
     * int  batches
     * int  entries, then column by column, a long for each entry: base offset, position, max timestamp before ms,
     *      offset of max timestamp before, bytes before, batches before
     * int  aborted transactions; each: long producer id, first offset, last offset, last stable offset
     * </pre>
     */
    public byte[] toBytes() {
        int bytes = SegmentTotals.ENCODED_BYTES + entries.encodedBytes() + aborted.encodedBytes();
        SealedWriter out = new SealedWriter(MAGIC, VERSION, bytes);
        totals.encode(out);
        entries.encode(out);
        aborted.encode(out);
        return out.toBytes();
    }

    /** Reads what {@link #toBytes} gave. */
    public static SegmentIndex fromBytes(byte[] bytes) throws CorruptFileException, FutureVersionException {
        SealedReader in = SealedReader.open(bytes, MAGIC, VERSION, "segment index");
        SegmentTotals totals = SegmentTotals.decode(in);
        IndexEntries entries = IndexEntries.decode(in);
        AbortedList aborted = AbortedList.decode(in);
        in.expectEnd();
        return new SegmentIndex(totals, entries, aborted);
    }
}
