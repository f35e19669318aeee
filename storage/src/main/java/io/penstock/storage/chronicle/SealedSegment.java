package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.index.SegmentLookup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A segment of the log that is not written any more. Owned by the log's owner. */
final class SealedSegment {
    private SegmentFacts facts;
    private final List<AbortedTransaction> aborted;
    /** Kept until {@link SegmentFacts#synced}: before that there is no index file to read. */
    private @Nullable SegmentIndex index;
    /** Kept while the end of the segment is part of the log's hot tail, and until it is sealed on the disk. */
    private @Nullable SegmentMapping mapping;

    private long firstHotPosition;

    SealedSegment(SegmentFacts facts, List<AbortedTransaction> aborted) {
        this.facts = facts;
        this.aborted = List.copyOf(aborted);
    }

    /**
     * A segment whose files are not finished.
     *
     * @param mapping a reference that this takes over, or null
     * @param firstHotPosition position from which on this process has written all of it
     */
    SealedSegment(SegmentFacts facts, SegmentIndex index, @Nullable SegmentMapping mapping, long firstHotPosition) {
        this(facts, abortedIn(index));
        this.index = index;
        this.mapping = mapping;
        this.firstHotPosition = firstHotPosition;
    }

    static List<AbortedTransaction> abortedIn(SegmentLookup index) {
        List<AbortedTransaction> all = new ArrayList<>();
        index.collectAborted(0, Long.MAX_VALUE, all);
        return all;
    }

    SegmentFacts facts() {
        return facts;
    }

    @Nullable
    SegmentIndex index() {
        return index;
    }

    @Nullable
    SegmentMapping mapping() {
        return mapping;
    }

    long firstHotPosition() {
        return firstHotPosition;
    }

    /** See {@link SegmentLookup#collectAborted}. */
    boolean collectAborted(long fromOffset, long toOffset, List<AbortedTransaction> found) {
        for (AbortedTransaction transaction : aborted) {
            if (transaction.lastOffset() >= fromOffset && transaction.firstOffset() < toOffset) {
                found.add(transaction);
            }
            if (transaction.lastStableOffset() >= toOffset) {
                return true;
            }
        }
        return false;
    }

    /** Its files are finished: from now on reads find everything there. */
    void onSealed() {
        facts = facts.asSynced();
        index = null;
    }

    /** Lets the mapping go, if there is one. */
    void coolDown() {
        if (mapping != null) {
            mapping.release();
            mapping = null;
        }
    }
}
