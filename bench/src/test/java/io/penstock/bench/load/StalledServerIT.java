package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.fixture.ScriptedServer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that stands still for a while delays all who wanted something meanwhile, whether they asked or were kept from it. */
@Timeout(60)
final class StalledServerIT {
    private static final int RATE = 1_000;
    private static final long STALL_MS = 300;

    private static Histogram latencies(Scenario scenario, int stalledFrame) throws Exception {
        try (ScriptedServer server = ScriptedServer.stalling(stalledFrame, STALL_MS)) {
            LoadPlan plan = Plans.unanswered(scenario, server.address(), RATE);
            return new LoadRun(plan, () -> {}).run().latencyNs();
        }
    }

    private static long atLeast(Histogram latencyNs, long ms) {
        return latencyNs.getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(ms), Long.MAX_VALUE);
    }

    @Test
    void shouldChargeAStallToEveryRequestThatWasDue() throws Exception {
        Histogram latencyNs = latencies(Scenario.OPEN, 300);

        assertThat(latencyNs.getTotalCount()).isEqualTo(RATE);
        assertThat(atLeast(latencyNs, 99)).isGreaterThanOrEqualTo(200);
        assertThat(atLeast(latencyNs, 199)).isGreaterThanOrEqualTo(100);
        assertThat(atLeast(latencyNs, 290)).isGreaterThanOrEqualTo(10);
    }

    /** In one second there is room for no more than so many requests of that length, whatever else the machine does. */
    @Test
    void shouldSeeTheStallOnceInAClosedLoop() throws Exception {
        Histogram latencyNs = latencies(Scenario.CLOSED, 5);

        assertThat(atLeast(latencyNs, 290)).isBetween(1L, 4L);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSED", "CONNECTIONS", "OPEN", "PIPELINED"})
    void shouldFailWhenTheConnectionIsClosed(Scenario scenario) throws Exception {
        try (ScriptedServer server = ScriptedServer.closingAfter(10)) {
            LoadPlan plan = Plans.unanswered(scenario, server.address(), RATE);

            assertThatThrownBy(() -> new LoadRun(plan, () -> {}).run()).isInstanceOf(IOException.class);
        }
    }
}
