package io.penstock.storage.chronicle;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log is, apart from its batches. Immutable; written as a whole by {@link io.penstock.storage.file.CheckpointFile}.
 *
 * <p>It lags behind: segments with a number above {@code activeNumber} may follow, in which recovery looks for more batches.
 * Segments with a lower number that are not listed were deleted.
 *
 * @param startOffset first offset that can be read
 * @param firstDirtyOffset where the next compaction begins: nothing below was left uncompacted
 * @param sealed segments that are not written any more, by offset, without gaps
 * @param activeNumber the segment being written when this was written
 * @param activeBaseOffset its first offset
 * @param leaderEpochs bytes of {@link io.penstock.storage.epoch.LeaderEpochTable}; epochs that began in the active segment may be missing
 * @param closed how the log was closed in order; null while it is open
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LogManifest(
        long startOffset,
        long firstDirtyOffset,
        List<SegmentFacts> sealed,
        int activeNumber,
        long activeBaseOffset,
        byte[] leaderEpochs,
        @Nullable ClosedLog closed) {
    private static final int MAGIC = SealedWriter.magic("PNLM");
    private static final int VERSION = 2;

    LogManifest {
        sealed = List.copyOf(sealed);
    }

    /**
     * The state of a log that was closed in order. It is believed only as long as the active segment's file has this length: to write
     * it is to make it longer first, and no two closes with an append in between leave the same length.
     *
     * @param fileBytes length of the active segment's file
     * @param endPosition where its last excerpt ends
     * @param index bytes of its {@link io.penstock.storage.index.SegmentIndex}; empty if there is no active segment
     * @param producers bytes of {@link io.penstock.storage.producer.ProducerStateTable} at the end offset
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ClosedLog(long fileBytes, long endPosition, byte[] index, byte[] producers) {}

    /** The same without the oldest segments. */
    LogManifest withoutHead(int segments) {
        return new LogManifest(
                Math.max(startOffset, sealed.get(segments - 1).endOffset()),
                firstDirtyOffset,
                sealed.subList(segments, sealed.size()),
                activeNumber,
                activeBaseOffset,
                leaderEpochs,
                closed);
    }

    /** The same of a log that is closed. */
    LogManifest asClosed(ClosedLog how) {
        return new LogManifest(
                startOffset, firstDirtyOffset, sealed, activeNumber, activeBaseOffset, leaderEpochs, how);
    }

    /**
     * Sealed bytes, magic {@code PNLM}, version 2; version 1 has no first dirty offset.
     *
     * <pre>
     * long  start offset, first dirty offset
     * int   active segment's number; long its base offset
     * int   bytes of the leader epochs; those bytes
     * int   1 if closed in order, else 0; if 1:
     *   long file bytes, end position; int bytes of the index; those bytes; int bytes of the producers; those bytes
     * int   sealed segments; each: int number; long base offset, end offset, end position, size in bytes, first timestamp ms,
     *       max timestamp ms, last append ms; int aborted transactions; short bits: 1 synced, 2 compacted
     * </pre>
     */
    byte[] toBytes() {
        int closedBytes = closed == null
                ? 0
                : Math.addExact(2 * (Long.BYTES + Integer.BYTES) + closed.index.length, closed.producers.length);
        int bytes = 3 * Long.BYTES + 4 * Integer.BYTES + leaderEpochs.length + closedBytes;
        SealedWriter out =
                new SealedWriter(MAGIC, VERSION, Math.addExact(bytes, sealed.size() * SegmentFacts.ENCODED_BYTES));
        out.putLong(startOffset).putLong(firstDirtyOffset).putInt(activeNumber).putLong(activeBaseOffset);
        out.putInt(leaderEpochs.length).putBytes(leaderEpochs);
        out.putInt(closed == null ? 0 : 1);
        if (closed != null) {
            out.putLong(closed.fileBytes).putLong(closed.endPosition);
            out.putInt(closed.index.length).putBytes(closed.index);
            out.putInt(closed.producers.length).putBytes(closed.producers);
        }
        out.putInt(sealed.size());
        sealed.forEach(facts -> facts.encode(out));
        return out.toBytes();
    }

    /** Reads what {@link #toBytes} gave. */
    static LogManifest fromBytes(byte[] bytes, String what) throws CorruptFileException, FutureVersionException {
        SealedReader in = SealedReader.open(bytes, MAGIC, VERSION, what);
        long startOffset = in.readLong();
        long firstDirtyOffset = in.version() == 1 ? 0 : in.readLong();
        int activeNumber = in.readInt();
        long activeBaseOffset = in.readLong();
        byte[] epochs = in.readBytes(in.readCount(1));
        ClosedLog closed = in.readInt() == 0
                ? null
                : new ClosedLog(
                        in.readLong(), in.readLong(), in.readBytes(in.readCount(1)), in.readBytes(in.readCount(1)));
        SegmentFacts[] sealed = new SegmentFacts[in.readCount(SegmentFacts.ENCODED_BYTES)];
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] = SegmentFacts.decode(in);
            if (i > 0 && sealed[i].baseOffset() != sealed[i - 1].endOffset()) {
                throw in.corrupt("segments without gaps", sealed[i] + " after " + sealed[i - 1]);
            }
        }
        in.expectEnd();
        return new LogManifest(
                startOffset, firstDirtyOffset, List.of(sealed), activeNumber, activeBaseOffset, epochs, closed);
    }
}
