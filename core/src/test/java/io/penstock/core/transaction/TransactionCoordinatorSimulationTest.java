package io.penstock.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Producers of both protocols, some of them sharing an id, that die and begin again, with a coordinator that dies and is loaded again, in
 * random order from a seed. {@link TransactionHistory} holds after each step; in the end every transaction is over.
 */
class TransactionCoordinatorSimulationTest {
    private static final int PARTITIONS = 4;
    private static final int DISTURBANCES = 60;
    private static final long SETTLE_MS = 6L * SimulatedProducer.TIMEOUT_MS;

    static LongStream seeds() {
        Long known = Long.getLong("penstock.seed");
        return known == null ? new Random().longs(20) : LongStream.of(known);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepItsPromisesWhateverHappens(long seed) {
        simulate(seed);
    }

    @Test
    @Tag("slow")
    void shouldKeepItsPromisesThroughThousandHistories() {
        Random seeds = new Random();
        for (int i = 0; i < 1_000; i++) {
            simulate(seeds.nextLong());
        }
    }

    private static void simulate(long seed) {
        try {
            run(new Random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static void run(Random random) {
        VirtualTime time = new VirtualTime();
        TransactionHistory history = new TransactionHistory();
        short clusterVersion = (short) random.nextInt(3);
        SimulatedTransactions coordinator = new SimulatedTransactions(time, random, history, clusterVersion);
        for (int i = 0; i < PARTITIONS; i++) {
            coordinator.partitions.add(new SimulatedPartition(i, coordinator, history));
        }
        List<SimulatedProducer> producers = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            if (random.nextInt(3) == 0) {
                coordinator.preset("tx" + id, (short) (Short.MAX_VALUE - 1 - random.nextInt(6)));
            }
            int sharing = random.nextInt(3) == 0 ? 2 : 1;
            short version = clusterVersion == 2 && random.nextInt(3) != 0
                    ? TransactionState.VERSION_2
                    : TransactionState.VERSION_1;
            for (int i = 0; i < sharing; i++) {
                producers.add(
                        new SimulatedProducer(time, random, history, coordinator, "tx" + id, version, sharing == 1));
            }
        }
        producers.forEach(SimulatedProducer::restart);
        for (int i = 0; i < DISTURBANCES; i++) {
            time.runUntil(time.nowMs() + random.nextInt(3_000));
            if (random.nextInt(3) == 0) {
                coordinator.crash();
            } else if (random.nextInt(3) == 0) {
                producers.get(random.nextInt(producers.size())).restart();
            }
        }
        coordinator.isCalm = true;
        producers.forEach(SimulatedProducer::stop);
        time.runUntil(time.nowMs() + SETTLE_MS);
        assertThat(coordinator.isSettled()).as("every transaction is over").isTrue();
        assertThat(coordinator.partitions).allMatch(SimulatedPartition::isSettled);
        history.checkSettled();
        assertThat(history.endCount).as("transactions that were ended").isPositive();
    }
}
