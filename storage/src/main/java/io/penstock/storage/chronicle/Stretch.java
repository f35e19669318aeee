package io.penstock.storage.chronicle;

import io.penstock.storage.index.SegmentLookup;

/**
 * Part of a segment, from one of its batches to the end of what was written, and what is known of the batches in between. Immutable.
 *
 * @param position of the first batch's excerpt; 0 for the whole segment
 * @param baseOffset of the first batch; for a whole segment with gaps, the least that it can be
 * @param endPosition where the last excerpt ends
 * @param endOffset one past the last batch's last offset
 * @param gapsAllowed whether the compaction may have left out offsets; else each batch begins where the one before ends
 */
record Stretch(long position, long baseOffset, long endPosition, long endOffset, boolean gapsAllowed) {
    /** All of a sealed segment from where its index says that {@code offset} is to be looked for. */
    static Stretch from(SegmentFacts facts, SegmentLookup index, long offset) {
        return new Stretch(
                index.positionFor(offset),
                index.baseOffsetFor(offset),
                facts.endPosition(),
                facts.endOffset(),
                facts.compacted());
    }

    /** All of a sealed segment. */
    static Stretch whole(SegmentFacts facts) {
        return new Stretch(0, facts.baseOffset(), facts.endPosition(), facts.endOffset(), facts.compacted());
    }

    /** Whether the first batch may begin above {@link #baseOffset}. */
    boolean mayBeginLater() {
        return gapsAllowed && position == 0;
    }
}
