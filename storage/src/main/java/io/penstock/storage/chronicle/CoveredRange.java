package io.penstock.storage.chronicle;

import org.jspecify.annotations.Nullable;

/**
 * One part of a segment's file of which something is known that holds for all of it. One range is enough: writers and readers both go
 * from front to back. Safe from any thread.
 */
final class CoveredRange {
    private volatile @Nullable Range range;

    private record Range(long from, long to) {}

    boolean covers(long from, long to) {
        Range known = range;
        return known != null && known.from <= from && to <= known.to;
    }

    /** Adds what touches the range; anything else takes its place if it is larger. Nothing, if it ends before it begins. */
    synchronized void add(long from, long to) {
        if (from >= to) {
            return; // of a segment found at the start, of which this process has written nothing
        }
        Range known = range;
        if (known == null || from > known.to || to < known.from) {
            boolean isLarger = known == null || to - from > known.to - known.from;
            range = isLarger ? new Range(from, to) : known;
        } else if (from < known.from || to > known.to) {
            range = new Range(Math.min(from, known.from), Math.max(to, known.to));
        }
    }

    /** Nothing is known any more of [from, to). Of what is left on both sides the larger part stays. */
    synchronized void remove(long from, long to) {
        Range known = range;
        if (known == null || from >= known.to || to <= known.from) {
            return;
        }
        long before = from - known.from;
        long behind = known.to - to;
        if (before <= 0 && behind <= 0) {
            range = null;
        } else {
            range = before > behind ? new Range(known.from, from) : new Range(to, known.to);
        }
    }
}
