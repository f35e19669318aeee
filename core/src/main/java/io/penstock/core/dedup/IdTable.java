package io.penstock.core.dedup;

import java.util.Arrays;

/**
 * Finds the entries of an {@link IdJournal} by id. A hash table in many stripes that grow and shrink one by one, so that no single step
 * takes long however many ids there are. About 8 to 16 bytes for each.
 *
 * <p>Owned by one {@link MessageIdWindow}.
 */
final class IdTable {
    static final long NONE = -1;

    private static final int STRIPES = 128;
    private static final int STRIPE_SHIFT = Long.SIZE - 7;
    private static final int LEAST_SLOTS = 8;
    private static final int[] EMPTY = new int[LEAST_SLOTS];
    /** Entries are kept modulo this, plus one: 0 is a free slot. */
    private static final long NAMES = Integer.MAX_VALUE;

    private final IdJournal journal;
    private final int[][] stripes = new int[STRIPES][];
    private final int[] counts = new int[STRIPES];

    IdTable(IdJournal journal) {
        this.journal = journal;
        Arrays.fill(stripes, EMPTY);
    }

    /** The entry with that id, or {@link #NONE}. */
    long find(long high, long low) {
        int[] slots = stripes[stripeOf(high)];
        int mask = slots.length - 1;
        for (int at = (int) low & mask; slots[at] != 0; at = (at + 1) & mask) {
            long entry = entryOf(slots[at]);
            if (journal.low(entry) == low && journal.high(entry) == high) {
                return entry;
            }
        }
        return NONE;
    }

    /** Adds an entry whose id is not there. */
    void add(long entry) {
        int stripe = stripeOf(journal.high(entry));
        if (stripes[stripe] == EMPTY || 2 * (counts[stripe] + 1) > stripes[stripe].length) {
            resize(stripe, Math.max(LEAST_SLOTS, 2 * stripes[stripe].length));
        }
        put(stripes[stripe], entry);
        counts[stripe]++;
    }

    /** Takes an entry out if it is there. */
    void remove(long entry) {
        int stripe = stripeOf(journal.high(entry));
        int[] slots = stripes[stripe];
        int mask = slots.length - 1;
        int wanted = nameOf(entry);
        int at = (int) journal.low(entry) & mask;
        while (slots[at] != wanted) {
            if (slots[at] == 0) {
                return;
            }
            at = (at + 1) & mask;
        }
        close(slots, at);
        counts[stripe]--;
        if (slots.length > LEAST_SLOTS && 8 * counts[stripe] < slots.length) {
            resize(stripe, slots.length / 2);
        }
    }

    /** Frees a slot; those behind it that would not be found any more move up. */
    private void close(int[] slots, int freed) {
        int mask = slots.length - 1;
        int hole = freed;
        for (int at = (hole + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
            int home = (int) journal.low(entryOf(slots[at])) & mask;
            boolean reachable = ((at - home) & mask) < ((at - hole) & mask);
            if (!reachable) {
                slots[hole] = slots[at];
                hole = at;
            }
        }
        slots[hole] = 0;
    }

    private void resize(int stripe, int slotCount) {
        int[] old = stripes[stripe];
        int[] slots = new int[slotCount];
        for (int name : old) {
            if (name != 0) {
                put(slots, entryOf(name));
            }
        }
        stripes[stripe] = slots;
    }

    private void put(int[] slots, long entry) {
        int mask = slots.length - 1;
        int at = (int) journal.low(entry) & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = nameOf(entry);
    }

    private static int stripeOf(long high) {
        return (int) (high >>> STRIPE_SHIFT);
    }

    private static int nameOf(long entry) {
        return (int) (entry % NAMES) + 1;
    }

    /** There are never as many entries as names, so the oldest one tells which is meant. */
    private long entryOf(int name) {
        long first = journal.first();
        return first + Math.floorMod(name - 1 - first % NAMES, NAMES);
    }
}
