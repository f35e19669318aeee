package io.penstock.storage.chronicle;

import org.jspecify.annotations.Nullable;

/**
 * The part of a segment's file that needs no look at its checksums any more: this process wrote it, or has verified it through this
 * mapping. One range is enough, since both go from front to back. Safe from any thread.
 */
final class TrustedRange {
    private volatile @Nullable Range range;

    private record Range(long from, long to) {}

    boolean covers(long from, long to) {
        Range trusted = range;
        return trusted != null && trusted.from <= from && to <= trusted.to;
    }

    /** Adds what touches the range; anything else takes its place if it is larger. Nothing, if it ends before it begins. */
    synchronized void add(long from, long to) {
        if (from >= to) {
            return; // of a segment found at the start, of which this process has written nothing
        }
        Range trusted = range;
        if (trusted == null || from > trusted.to || to < trusted.from) {
            boolean isLarger = trusted == null || to - from > trusted.to - trusted.from;
            range = isLarger ? new Range(from, to) : trusted;
        } else if (from < trusted.from || to > trusted.to) {
            range = new Range(Math.min(from, trusted.from), Math.max(to, trusted.to));
        }
    }
}
