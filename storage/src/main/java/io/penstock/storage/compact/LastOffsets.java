package io.penstock.storage.compact;

import java.util.Arrays;

/**
 * For each live producer the last offset of its last batch: the batch with that last offset carries the producer's last sequence and is
 * kept, be it without records. Offsets differ between producers, so the offset alone tells. A producer that has written no batch since
 * the marker that raised its epoch is known by that marker, which is kept. Immutable once built.
 */
public final class LastOffsets {
    private static final int EPOCH_BITS = Short.SIZE;

    private long[] offsets;
    private int count;
    /** Producer id and epoch in one number; two that are taken for one, of ids beyond 2^47, keep a marker too many. */
    private long[] markers = new long[4];

    private int markerCount;

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

    /** While it is built: a producer whose last batch is a marker. */
    public void addMarker(long producerId, short epoch) {
        if (markerCount == markers.length) {
            markers = Arrays.copyOf(markers, markerCount * 2);
        }
        markers[markerCount++] = markerOf(producerId, epoch);
    }

    private static long markerOf(long producerId, short epoch) {
        return producerId << EPOCH_BITS | (epoch & 0xffff);
    }

    /** Ends the building; may be done on another thread than that. */
    public LastOffsets sort() {
        Arrays.sort(offsets, 0, count);
        Arrays.sort(markers, 0, markerCount);
        return this;
    }

    /** Whether a live producer's last batch ends there. */
    public boolean contains(long lastOffset) {
        return Arrays.binarySearch(offsets, 0, count, lastOffset) >= 0;
    }

    /** Whether markers of that epoch are what is known of a live producer. */
    public boolean containsMarker(long producerId, short epoch) {
        return Arrays.binarySearch(markers, 0, markerCount, markerOf(producerId, epoch)) >= 0;
    }
}
