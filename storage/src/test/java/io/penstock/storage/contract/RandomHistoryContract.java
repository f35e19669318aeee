package io.penstock.storage.contract;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random histories against the model. A failure prints its seed; run it again with {@code -Dpenstock.seed=}. */
interface RandomHistoryContract extends LogContract {

    @Test
    default void shouldAgreeWithTheModelInARandomHistory() {
        runHistory(Long.getLong("penstock.seed", System.nanoTime()), 400);
    }

    @Test
    default void shouldAgreeWithTheModelInAKnownHistory() {
        runHistory(20_261_122L, 600);
    }

    @Test
    @Tag("slow")
    default void shouldAgreeWithTheModelInALongHistory() {
        runHistory(Long.getLong("penstock.seed", System.nanoTime()), 20_000);
    }

    private void runHistory(long seed, int steps) {
        try {
            new RandomHistory(harness(), seed).run(steps);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("failed with -Dpenstock.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
