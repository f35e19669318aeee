package io.penstock.core.dedup;

import java.util.BitSet;

/**
 * Which records of a batch came before, by {@link MessageIdWindow#screen}. Immutable, as long as nobody changes {@code duplicates}.
 *
 * @param recordCount records of the batch
 * @param duplicates places of those that came before: in the window, or earlier in the batch itself
 * @param originalBaseOffset offset of the first record's original; -1 if the first record is new
 * @param originalLastOffset largest offset of an original; -1 if there is none in the window
 * @param undecided whether an original is part of another producer's open transaction: nobody knows yet if it will have been there
 */
public record Screening(
        int recordCount, BitSet duplicates, long originalBaseOffset, long originalLastOffset, boolean undecided) {

    public boolean hasDuplicates() {
        return !duplicates.isEmpty();
    }

    public int duplicateCount() {
        return duplicates.cardinality();
    }

    /** Whether nothing in the batch is new. */
    public boolean isAllDuplicates() {
        return duplicateCount() == recordCount;
    }

    public boolean isDuplicate(int index) {
        return duplicates.get(index);
    }
}
