package io.penstock.storage.index;

/** The searches that active and sealed indexes share. Stateless. */
final class Lookups {
    private Lookups() {}

    static IndexMark startFor(IndexEntries entries, long offset) {
        int entry = startEntry(entries, offset);
        return entry < 0 ? IndexMark.EMPTY : entries.mark(entry);
    }

    /** Entry of {@link #startFor}, or -1 if there is none. */
    private static int startEntry(IndexEntries entries, long offset) {
        return entries.count() == 0 ? -1 : Math.max(0, entries.floor(offset));
    }

    static long positionFor(IndexEntries entries, long offset) {
        int entry = startEntry(entries, offset);
        return entry < 0 ? SegmentLookup.NONE : entries.position(entry);
    }

    static long baseOffsetFor(IndexEntries entries, long offset) {
        int entry = startEntry(entries, offset);
        return entry < 0 ? SegmentLookup.NONE : entries.baseOffset(entry);
    }

    static IndexMark startForTimestamp(IndexEntries entries, long maxTimestampMs, long timestampMs) {
        boolean none = entries.count() == 0 || maxTimestampMs < timestampMs;
        return none ? IndexMark.EMPTY : entries.mark(entries.lastBefore(timestampMs));
    }

    static IndexMark markFor(IndexEntries entries, long offset) {
        int floor = entries.floor(offset);
        return floor < 0 ? IndexMark.EMPTY : entries.mark(floor);
    }
}
