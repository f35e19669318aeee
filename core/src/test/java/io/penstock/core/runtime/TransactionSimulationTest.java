package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransactionSimulationTest {

    @Test
    void shouldNeverMixTransactions() {
        simulate(100, 400);
    }

    @Test
    @Tag("slow")
    void shouldNeverMixTransactionsInManyHistories() {
        simulate(3_000, 600);
    }

    private static void simulate(int histories, int steps) {
        long first = Long.getLong("penstock.seed", 1);
        int acknowledged = 0;
        int refused = 0;
        int ended = 0;
        for (long seed = first; seed < first + histories; seed++) {
            TransactionSimulation simulation = new TransactionSimulation(seed);
            try {
                simulation.run(steps);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            acknowledged += simulation.acknowledged;
            refused += simulation.refused;
            ended += simulation.ended;
        }
        assertThat(acknowledged).as("acknowledgements").isGreaterThan(10 * histories);
        assertThat(refused).as("refusals").isGreaterThan(histories);
        assertThat(ended).as("transactions").isGreaterThan(10 * histories);
    }
}
