package io.penstock.storage.index;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.Arrays;

/**
 * Index entries in columns, sorted by base offset. At most {@link #MAX_ENTRIES} of 48 bytes: when full, every other one goes and the
 * owner spaces new ones wider. Owned by the index that holds it.
 *
 * <p>Base offsets rise strictly; the running maximum of timestamps never falls: both can be searched by halving.
 */
final class IndexEntries {
    static final int MAX_ENTRIES = 1 << 13;
    private static final int COLUMNS = 6;
    private static final int ENTRY_BYTES = COLUMNS * Long.BYTES;

    private int count;
    private long[] baseOffsets;
    private long[] positions;
    private long[] maxTimestampsBeforeMs;
    private long[] offsetsOfMaxTimestampBefore;
    private long[] bytesBefore;
    private long[] batchesBefore;

    IndexEntries(int capacity) {
        baseOffsets = new long[capacity];
        positions = new long[capacity];
        maxTimestampsBeforeMs = new long[capacity];
        offsetsOfMaxTimestampBefore = new long[capacity];
        bytesBefore = new long[capacity];
        batchesBefore = new long[capacity];
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == MAX_ENTRIES;
    }

    void add(IndexMark mark) {
        if (count == baseOffsets.length) {
            resize(Math.min(MAX_ENTRIES, Math.max(4, count * 2)));
        }
        baseOffsets[count] = mark.baseOffset();
        positions[count] = mark.position();
        maxTimestampsBeforeMs[count] = mark.maxTimestampBeforeMs();
        offsetsOfMaxTimestampBefore[count] = mark.offsetOfMaxTimestampBefore();
        bytesBefore[count] = mark.bytesBefore();
        batchesBefore[count] = mark.batchesBefore();
        count++;
    }

    private void resize(int capacity) {
        baseOffsets = Arrays.copyOf(baseOffsets, capacity);
        positions = Arrays.copyOf(positions, capacity);
        maxTimestampsBeforeMs = Arrays.copyOf(maxTimestampsBeforeMs, capacity);
        offsetsOfMaxTimestampBefore = Arrays.copyOf(offsetsOfMaxTimestampBefore, capacity);
        bytesBefore = Arrays.copyOf(bytesBefore, capacity);
        batchesBefore = Arrays.copyOf(batchesBefore, capacity);
    }

    /** Drops every other entry, never the first. */
    void thin() {
        int kept = 0;
        for (int i = 0; i < count; i += 2, kept++) {
            baseOffsets[kept] = baseOffsets[i];
            positions[kept] = positions[i];
            maxTimestampsBeforeMs[kept] = maxTimestampsBeforeMs[i];
            offsetsOfMaxTimestampBefore[kept] = offsetsOfMaxTimestampBefore[i];
            bytesBefore[kept] = bytesBefore[i];
            batchesBefore[kept] = batchesBefore[i];
        }
        count = kept;
    }

    /** A copy in arrays just large enough. */
    IndexEntries copy() {
        IndexEntries copy = new IndexEntries(0);
        copy.baseOffsets = Arrays.copyOf(baseOffsets, count);
        copy.positions = Arrays.copyOf(positions, count);
        copy.maxTimestampsBeforeMs = Arrays.copyOf(maxTimestampsBeforeMs, count);
        copy.offsetsOfMaxTimestampBefore = Arrays.copyOf(offsetsOfMaxTimestampBefore, count);
        copy.bytesBefore = Arrays.copyOf(bytesBefore, count);
        copy.batchesBefore = Arrays.copyOf(batchesBefore, count);
        copy.count = count;
        return copy;
    }

    IndexMark mark(int index) {
        return new IndexMark(
                baseOffsets[index],
                positions[index],
                maxTimestampsBeforeMs[index],
                offsetsOfMaxTimestampBefore[index],
                bytesBefore[index],
                (int) batchesBefore[index]);
    }

    long baseOffset(int index) {
        return baseOffsets[index];
    }

    long position(int index) {
        return positions[index];
    }

    /** Last entry with a base offset at or below {@code offset}, or -1. */
    int floor(long offset) {
        int found = Arrays.binarySearch(baseOffsets, 0, count, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** Last entry before which all timestamps are below {@code timestampMs}; the first entry if there is no such. */
    int lastBefore(long timestampMs) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (maxTimestampsBeforeMs[middle] < timestampMs) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    int encodedBytes() {
        return Integer.BYTES + count * ENTRY_BYTES;
    }

    /** Int count, then column by column, in the order of the fields. */
    void encode(SealedWriter out) {
        out.putInt(count).putLongs(baseOffsets, count).putLongs(positions, count);
        out.putLongs(maxTimestampsBeforeMs, count).putLongs(offsetsOfMaxTimestampBefore, count);
        out.putLongs(bytesBefore, count).putLongs(batchesBefore, count);
    }

    static IndexEntries decode(SealedReader in) throws CorruptFileException {
        int count = in.readCount(ENTRY_BYTES);
        IndexEntries entries = new IndexEntries(0);
        entries.count = count;
        entries.baseOffsets = in.readLongs(count);
        entries.positions = in.readLongs(count);
        entries.maxTimestampsBeforeMs = in.readLongs(count);
        entries.offsetsOfMaxTimestampBefore = in.readLongs(count);
        entries.bytesBefore = in.readLongs(count);
        entries.batchesBefore = in.readLongs(count);
        entries.checkOrder(in);
        return entries;
    }

    private void checkOrder(SealedReader in) throws CorruptFileException {
        for (int i = 1; i < count; i++) {
            if (baseOffsets[i] <= baseOffsets[i - 1] || maxTimestampsBeforeMs[i] < maxTimestampsBeforeMs[i - 1]) {
                throw in.corrupt("index entries in order", mark(i) + " after " + mark(i - 1));
            }
        }
    }
}
