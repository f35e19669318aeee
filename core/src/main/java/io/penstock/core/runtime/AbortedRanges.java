package io.penstock.core.runtime;

import io.penstock.storage.AbortedTransaction;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which producers are in the midst of an aborted transaction, for one who reads a log from an offset on. Not for several threads. */
final class AbortedRanges {
    /** Those that have not begun yet, by first offset. */
    private final ArrayDeque<AbortedTransaction> toCome;

    private final Set<Long> inside = new HashSet<>();

    AbortedRanges(List<AbortedTransaction> aborted) {
        toCome = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
    }

    /** The reader has come to a batch that ends at {@code lastOffset}. */
    void enter(long lastOffset) {
        while (!toCome.isEmpty() && toCome.peek().firstOffset() <= lastOffset) {
            inside.add(toCome.remove().producerId());
        }
    }

    /** The reader has come to the producer's abort marker. */
    void leave(long producerId) {
        inside.remove(producerId);
    }

    boolean isInside(long producerId) {
        return inside.contains(producerId);
    }
}
