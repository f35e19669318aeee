package io.penstock.storage.producer;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.Arrays;

/**
 * Transactions whose marker may not be below the high watermark yet: each still holds the last stable offset at its first offset.
 *
 * <p>A queue by marker offset in which first offsets rise too: a transaction that began before its predecessors and ended after
 * them outlasts them in every question, so they are dropped when it comes. Bounded: beyond {@link #MAX_ENTRIES} neighbours are merged
 * into one that begins with the earlier and ends with the later, which may hold the last stable offset back longer, never less.
 * Owned by {@link ProducerStateTable}.
 */
final class EndedTransactions {
    static final int MAX_ENTRIES = 1 << 14;
    private static final int ENTRY_BYTES = 2 * Long.BYTES;

    private long[] firstOffsets = new long[4];
    private long[] markerOffsets = new long[4];
    private int head;
    private int tail;

    void add(long firstOffset, long markerOffset) {
        while (tail > head && firstOffsets[tail - 1] >= firstOffset) {
            tail--;
        }
        if (tail == firstOffsets.length) {
            makeRoom();
        }
        firstOffsets[tail] = firstOffset;
        markerOffsets[tail] = markerOffset;
        tail++;
    }

    private void makeRoom() {
        int count = tail - head;
        if (count == MAX_ENTRIES) {
            mergePairs();
            return;
        }
        int capacity = head >= count ? firstOffsets.length : firstOffsets.length * 2;
        firstOffsets = Arrays.copyOf(Arrays.copyOfRange(firstOffsets, head, tail), capacity);
        markerOffsets = Arrays.copyOf(Arrays.copyOfRange(markerOffsets, head, tail), capacity);
        head = 0;
        tail = count;
    }

    private void mergePairs() {
        int to = 0;
        for (int from = head; from < tail; from += 2) {
            firstOffsets[to] = firstOffsets[from];
            markerOffsets[to] = markerOffsets[Math.min(from + 1, tail - 1)];
            to++;
        }
        head = 0;
        tail = to;
    }

    /** Forgets those with a marker below {@code highWatermark}; returns the smallest first offset of the others, or -1. */
    long firstOffsetHeldAt(long highWatermark) {
        while (head < tail && markerOffsets[head] < highWatermark) {
            head++;
        }
        return head < tail ? firstOffsets[head] : -1;
    }

    int encodedBytes() {
        return Integer.BYTES + (tail - head) * ENTRY_BYTES;
    }

    void encode(SealedWriter out) {
        out.putInt(tail - head);
        for (int i = head; i < tail; i++) {
            out.putLong(firstOffsets[i]).putLong(markerOffsets[i]);
        }
    }

    static EndedTransactions decode(SealedReader in) throws CorruptFileException {
        EndedTransactions ended = new EndedTransactions();
        for (int left = in.readCount(ENTRY_BYTES); left > 0; left--) {
            ended.add(in.readLong(), in.readLong());
        }
        return ended;
    }
}
