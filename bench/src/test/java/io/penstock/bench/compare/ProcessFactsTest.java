package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProcessFactsTest {
    private static final long NO_PROCESS = (1L << 22) + 1;

    private final ProcessFacts facts = new ProcessFacts(ProcessHandle.current().pid());

    private static void burn(long ns) {
        var threads = ManagementFactory.getThreadMXBean();
        long untilNs = threads.getCurrentThreadCpuTime() + ns;
        while (threads.getCurrentThreadCpuTime() < untilNs) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldCountTheProcessorTimeThatIsUsed() throws IOException {
        long before = facts.cpuNs();

        burn(TimeUnit.MILLISECONDS.toNanos(100));

        assertThat(facts.cpuNs() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(80));
    }

    @Test
    void shouldCountWhatTheJvmCounts() throws IOException {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();

        long counted = facts.cpuNs();

        long tenth = TimeUnit.MILLISECONDS.toNanos(100);
        assertThat(counted).isBetween(before - tenth, system.getProcessCpuTime() + tenth);
    }

    @Test
    void shouldKnowHowMuchMemoryIsOccupied() throws IOException {
        long usedHeap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();

        assertThat(facts.residentBytes()).isGreaterThan(usedHeap / 2).isLessThan(1L << 40);
    }

    @Test
    void shouldFailWhenThereIsNoSuchProcess() {
        ProcessFacts nobody = new ProcessFacts(NO_PROCESS);

        assertThatThrownBy(nobody::cpuNs).isInstanceOf(IOException.class);
        assertThatThrownBy(nobody::residentBytes).isInstanceOf(IOException.class);
    }
}
