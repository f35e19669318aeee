package io.penstock.core.dedup;

/**
 * The message ids of the records of one batch, by place in the batch: 128 bits of each id's SHA-256, so that nobody can make two that
 * are taken for one. Immutable.
 */
public final class MessageIds {
    /** Both halves of each hash, side by side; two zeros stand for a record without id. */
    private final long[] halves;

    private final boolean complete;

    /**
     * Ids by place in the batch.
     *
     * @param halves taken over: two for each record, both 0 if it has no id
     */
    public MessageIds(long[] halves) {
        this.halves = halves;
        boolean all = true;
        for (int i = 0; i < recordCount(); i++) {
            all &= isKnown(i);
        }
        complete = all;
    }

    public int recordCount() {
        return halves.length / 2;
    }

    /** Whether every record has an id. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether a record has an id. */
    public boolean isKnown(int index) {
        return (high(index) | low(index)) != 0;
    }

    /** First half of a record's hash. */
    long high(int index) {
        return halves[2 * index];
    }

    /** Second half of a record's hash. */
    long low(int index) {
        return halves[2 * index + 1];
    }
}
