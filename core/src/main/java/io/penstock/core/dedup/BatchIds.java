package io.penstock.core.dedup;

/** The ids seen so far in one batch. Used once. */
final class BatchIds {
    private final MessageIds ids;
    /** Places in the batch plus one; 0 is free. Made with the second id: most batches of services have one record. */
    private int[] slots = new int[0];

    private int first = -1;

    BatchIds(MessageIds ids) {
        this.ids = ids;
    }

    /** Notes the id of a record; false if another record had it before. */
    boolean add(int index) {
        if (slots.length > 0) {
            return put(index);
        }
        if (first < 0) {
            first = index;
            return true;
        }
        slots = new int[Integer.highestOneBit(ids.recordCount()) * 4];
        put(first);
        return put(index);
    }

    private boolean put(int index) {
        int mask = slots.length - 1;
        int at = (int) ids.low(index) & mask;
        while (slots[at] != 0) {
            int other = slots[at] - 1;
            if (ids.low(other) == ids.low(index) && ids.high(other) == ids.high(index)) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[at] = index + 1;
        return true;
    }
}
