package io.penstock.core.partition;

import java.util.Arrays;

/**
 * Counts appended bytes by offset, so that "how many bytes became visible" can be answered when the high watermark or the last
 * stable offset moves. Pure; owned by one partition.
 *
 * <p>Remembers at most {@value #MAX_MARKS} batch ends above the lowest offset asked for; beyond that every second one is
 * forgotten, and answers in between are too low by less than the batches that were merged.
 */
public final class VisibleBytes {
    private static final int MAX_MARKS = 1024;
    /** Most partitions never have more batches in flight; there may be very many partitions. */
    private static final int FIRST_MARKS = 4;

    private long[] endOffsets = new long[FIRST_MARKS];
    private long[] totals = new long[FIRST_MARKS];
    private int count;
    private long total;
    /** Total at the lowest offset that can still be asked for. */
    private long floorTotal;

    /** A batch of so many bytes now ends the log. */
    public void append(long endOffset, int sizeBytes) {
        total += sizeBytes;
        if (count == endOffsets.length) {
            makeRoom();
        }
        endOffsets[count] = endOffset;
        totals[count] = total;
        count++;
    }

    /** Bytes of all batches that end at or below {@code offset}, counted since the start. */
    public long upTo(long offset) {
        for (int i = count - 1; i >= 0; i--) {
            if (endOffsets[i] <= offset) {
                return totals[i];
            }
        }
        return floorTotal;
    }

    /** Forgets what lies below an offset that only grows. */
    public void forgetBelow(long offset) {
        int gone = 0;
        while (gone < count && endOffsets[gone] <= offset) {
            floorTotal = totals[gone];
            gone++;
        }
        if (gone > 0) {
            System.arraycopy(endOffsets, gone, endOffsets, 0, count - gone);
            System.arraycopy(totals, gone, totals, 0, count - gone);
            count -= gone;
        }
    }

    private void makeRoom() {
        if (count < MAX_MARKS) {
            endOffsets = Arrays.copyOf(endOffsets, 2 * count);
            totals = Arrays.copyOf(totals, 2 * count);
        } else {
            forgetEverySecond();
        }
    }

    private void forgetEverySecond() {
        int kept = 0;
        for (int i = 1; i < count; i += 2) {
            endOffsets[kept] = endOffsets[i];
            totals[kept] = totals[i];
            kept++;
        }
        count = kept;
    }
}
