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
    /** Both are kept until the files are finished, and as long as the segment reaches into the log's hot tail. */
    private @Nullable SegmentIndex index;

    private @Nullable SegmentMapping mapping;

    private long firstHotPosition;
    /** Where the last excerpt ends that was ever written, dead ones included. */
    private final long writtenEnd;

    SealedSegment(SegmentFacts facts, List<AbortedTransaction> aborted) {
        this(facts, aborted, facts.endPosition());
    }

    private SealedSegment(SegmentFacts facts, List<AbortedTransaction> aborted, long writtenEnd) {
        this.facts = facts;
        this.aborted = List.copyOf(aborted);
        this.writtenEnd = writtenEnd;
    }

    /**
     * A segment whose files are not finished.
     *
     * @param mapping a reference that this takes over, or null
     * @param firstHotPosition position from which on this process has written all of it
     * @param writtenEnd where the last excerpt ends that was ever written: slices of cut ones may be held
     */
    SealedSegment(
            SegmentFacts facts,
            SegmentIndex index,
            @Nullable SegmentMapping mapping,
            long firstHotPosition,
            long writtenEnd) {
        this(facts, abortedIn(index), writtenEnd);
        this.index = index;
        this.mapping = mapping;
        this.firstHotPosition = firstHotPosition;
    }

    static List<AbortedTransaction> abortedIn(SegmentLookup index) {
        List<AbortedTransaction> all = new ArrayList<>();
        index.collectAborted(0, Long.MAX_VALUE, all);
        return all;
    }

    List<AbortedTransaction> aborted() {
        return aborted;
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

    long writtenEnd() {
        return writtenEnd;
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
    }

    /**
     * What is left of this segment when its end is cut. Takes over the mapping.
     *
     * @param rest index of the batches that stay
     * @param endPosition where the last of them ends
     */
    SealedSegment cut(SegmentIndex rest, long endPosition) {
        SegmentFacts left = facts.cut(rest, endPosition, abortedIn(rest).size());
        SealedSegment segment = new SealedSegment(left, rest, mapping, firstHotPosition, writtenEnd);
        mapping = null;
        return segment;
    }

    /** Forgets what is in memory; reads get it from the files. */
    void coolDown() {
        index = null;
        if (mapping != null) {
            mapping.release();
            mapping = null;
        }
    }
}
