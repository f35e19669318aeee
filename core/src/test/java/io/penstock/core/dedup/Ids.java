package io.penstock.core.dedup;

/** Makes ids of batches from small numbers; 0 is a record without id. Stateless. */
final class Ids {
    private Ids() {}

    static MessageIds of(long... ids) {
        long[] halves = new long[2 * ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != 0) {
                // Spread over the stripes, and often into the same slot: collisions are what a table has to survive.
                halves[2 * i] = ids[i] * 0x9E3779B97F4A7C15L;
                halves[2 * i + 1] = (ids[i] & 7) | 8;
            }
        }
        return new MessageIds(halves);
    }
}
