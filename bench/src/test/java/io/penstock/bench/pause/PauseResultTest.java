package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PauseResultTest {
    @Test
    void shouldTellRateAndDelays() {
        // given
        LoopDelays delays = LoopDelays.none();
        delays.lateNs().recordValue(3_000_000);
        delays.heldUpNs().recordValue(2_000_000);
        delays.blockedNs().recordValue(1_000_000);
        PauseResult result = new PauseResult(delays, "control", 10, 50_000_000, 1, 2, new LoopThreads(7, 5, 9_000_000));

        // when
        String lines = result.line(new PausePlan("memory", Path.of("data"), 1_000, 2, 10_000, 0, 0, 0, 2));

        // then
        assertThat(lines.lines())
                .containsExactly(
                        "pause  memory  1000 B x 2 partitions  25 MB/s  10 appends, 1 refused",
                        "  an event loop came late by (ms)  p50 3.00  p99 3.00  p99.9 3.00  p99.99 3.00  max 3.00",
                        "  of that, while it had a CPU      p50 2.00  p99 2.00  p99.9 2.00  p99.99 2.00  max 2.00",
                        "  of that, waiting for something   p50 1.00  p99 1.00  p99.9 1.00  p99.99 1.00  max 1.00",
                        "  a process that only sleeps, by   control",
                        "  the threads of the loops: 5 major faults, 7 minor ones, 9 ms without a CPU");
    }
}
