package io.penstock.storage.index;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.Arrays;
import java.util.List;

/** Aborted transactions of a segment by marker offset, four longs each: the transaction index of KIP-98. Owned by the index that holds it. */
final class AbortedList {
    private static final int LONGS = 4;

    private long[] values;
    private int count;

    AbortedList() {
        this(new long[0], 0);
    }

    private AbortedList(long[] values, int count) {
        this.values = values;
        this.count = count;
    }

    void add(AbortedTransaction aborted) {
        int at = count * LONGS;
        if (at == values.length) {
            values = Arrays.copyOf(values, Math.max(LONGS, at * 2));
        }
        values[at] = aborted.producerId();
        values[at + 1] = aborted.firstOffset();
        values[at + 2] = aborted.lastOffset();
        values[at + 3] = aborted.lastStableOffset();
        count++;
    }

    /** See {@link SegmentLookup#collectAborted}. */
    boolean collect(long fromOffset, long toOffset, List<AbortedTransaction> found) {
        for (int at = 0; at < count * LONGS; at += LONGS) {
            if (values[at + 2] >= fromOffset && values[at + 1] < toOffset) {
                found.add(new AbortedTransaction(values[at], values[at + 1], values[at + 2], values[at + 3]));
            }
            // Nothing undecided was left below the range when this one ended: later markers belong to later
            // transactions.
            if (values[at + 3] >= toOffset) {
                return true;
            }
        }
        return false;
    }

    AbortedList copy() {
        return new AbortedList(Arrays.copyOf(values, count * LONGS), count);
    }

    int encodedBytes() {
        return Integer.BYTES + count * LONGS * Long.BYTES;
    }

    /** Int count, then per transaction long producer id, first offset, last offset, last stable offset. */
    void encode(SealedWriter out) {
        out.putInt(count).putLongs(values, count * LONGS);
    }

    static AbortedList decode(SealedReader in) throws CorruptFileException {
        int count = in.readCount(LONGS * Long.BYTES);
        return new AbortedList(in.readLongs(count * LONGS), count);
    }
}
