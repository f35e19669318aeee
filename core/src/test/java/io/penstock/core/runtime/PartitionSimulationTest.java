package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PartitionSimulationTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(LogGate.class);

    /** Logs fail here thousands of times on purpose. */
    @BeforeAll
    static void beQuiet() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOGGER.setLevel(null);
    }

    @Test
    void shouldNeverLoseChangeOrDoubleWhatSomebodyWasTold() {
        simulate(300, 1_500);
    }

    @Test
    @Tag("slow")
    void shouldNeverLoseChangeOrDoubleWhatSomebodyWasToldInManyHistories() {
        simulate(20_000, 1_500);
    }

    private static void simulate(int histories, int steps) {
        long first = Long.getLong("penstock.seed", 1);
        int crashes = 0;
        int acknowledged = 0;
        int read = 0;
        for (long seed = first; seed < first + histories; seed++) {
            PartitionSimulation simulation = new PartitionSimulation(seed);
            try {
                simulation.run(steps);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            crashes += simulation.crashes;
            acknowledged += simulation.acknowledged;
            read += simulation.recordsRead;
        }
        assertThat(crashes).as("crashes").isGreaterThan(histories);
        assertThat(acknowledged).as("acknowledgements").isGreaterThan(20 * histories);
        assertThat(read).as("records read").isGreaterThan(20 * histories);
    }
}
