package io.penstock.core.group;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Offsets committed in transactions keep their promises whatever happens: see {@link TransactionSimulation}. */
class TransactionSimulationTest {
    static LongStream seeds() {
        Long known = Long.getLong("penstock.seed");
        return known == null ? new Random().longs(30) : LongStream.of(known);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldTellNobodyWhatIsNotCommitted(long seed) {
        new TransactionSimulation(seed).run();
    }

    @Test
    @Tag("slow")
    void shouldTellNobodyWhatIsNotCommittedInThousandsOfHistories() {
        new Random().longs(5_000).forEach(seed -> new TransactionSimulation(seed).run());
    }
}
