package io.penstock.storage.compact;

import java.util.Arrays;

/**
 * For each live producer the last offset of its last batch: the batch with that last offset carries the producer's last sequence and is
 * kept, be it without records. Offsets differ between producers, so the offset alone tells. Immutable once built.
 */
public final class LastOffsets {
    private long[] offsets;
    private int count;

    /** @param expected about how many there will be */
    public LastOffsets(int expected) {
        offsets = new long[Math.max(4, expected)];
    }

    /** While it is built. */
    public void add(long lastOffset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = lastOffset;
    }

    /** Ends the building; may be done on another thread than that. */
    public LastOffsets sort() {
        Arrays.sort(offsets, 0, count);
        return this;
    }

    /** Whether a live producer's last batch ends there. */
    public boolean contains(long lastOffset) {
        return Arrays.binarySearch(offsets, 0, count, lastOffset) >= 0;
    }
}
