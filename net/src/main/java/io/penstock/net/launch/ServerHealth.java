package io.penstock.net.launch;

import io.penstock.core.BrokerState;
import io.penstock.core.runtime.BrokerRuntime;
import io.penstock.net.http.Health;
import io.penstock.net.http.HealthCheck;
import io.penstock.net.metrics.LoopWatch;
import java.util.List;
import java.util.Locale;

/** Whether this server works and wants clients. Safe from any thread. */
final class ServerHealth implements Health {

    /** An event loop that has not come round for so long will not come round by itself. */
    private static final long DEAD_LOOP_MS = 10_000;

    private final BrokerRuntime broker;
    private final LoopWatch loops;
    private volatile Doors doors = Doors.NOT_OPEN_YET;

    /** Whether clients are let in. */
    enum Doors {
        NOT_OPEN_YET,
        OPEN,
        CLOSING
    }

    ServerHealth(BrokerRuntime broker, LoopWatch loops) {
        this.broker = broker;
        this.loops = loops;
    }

    void set(Doors doors) {
        this.doors = doors;
    }

    @Override
    public List<HealthCheck> live() {
        long stallMs = loops.worstStallMs(System.nanoTime());
        String found = loops.loopCount() + " loops, the slowest is " + stallMs + " ms behind";
        return List.of(
                stallMs < DEAD_LOOP_MS
                        ? HealthCheck.ok("event loops", found)
                        : HealthCheck.failed("event loops", found));
    }

    @Override
    public List<HealthCheck> ready() {
        return List.of(brokerCheck(), listenerCheck(), metadataCheck());
    }

    private HealthCheck brokerCheck() {
        BrokerState state = broker.state();
        String found = state.name().toLowerCase(Locale.ROOT);
        return state == BrokerState.READY ? HealthCheck.ok("broker", found) : HealthCheck.failed("broker", found);
    }

    private HealthCheck listenerCheck() {
        return switch (doors) {
            case NOT_OPEN_YET -> HealthCheck.failed("listeners", "not open yet");
            case OPEN -> HealthCheck.ok("listeners", "open");
            case CLOSING -> HealthCheck.failed("listeners", "closing, requests under way are finished");
        };
    }

    /** Records can still be written and read then, so clients are not sent away. */
    private HealthCheck metadataCheck() {
        return HealthCheck.ok("metadata", broker.impairment().orElse("can be changed"));
    }
}
