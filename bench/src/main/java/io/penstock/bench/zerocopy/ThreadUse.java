package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the calling thread has used so far, or between two moments. Immutable.
 *
 * @param elapsedNs of the clock
 * @param cpuNs of a processor, the kernel's part included
 * @param minorFaults pages that had to be mapped or made; 0 where there is no Linux
 */
record ThreadUse(long elapsedNs, long cpuNs, long minorFaults) {
    static final ThreadUse NONE = new ThreadUse(0, 0, 0);

    private static final Path STAT = Path.of("/proc/thread-self/stat");
    private static final int MINOR_FIELD = 7;

    static ThreadUse now() throws IOException {
        long faults = minorFaultsNow();
        return new ThreadUse(
                System.nanoTime(), ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(), faults);
    }

    private static long minorFaultsNow() throws IOException {
        if (!Files.isReadable(STAT)) {
            return 0;
        }
        String stat = Files.readString(STAT);
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[MINOR_FIELD]);
    }

    ThreadUse since(ThreadUse before) {
        return new ThreadUse(elapsedNs - before.elapsedNs, cpuNs - before.cpuNs, minorFaults - before.minorFaults);
    }

    ThreadUse plus(ThreadUse other) {
        return new ThreadUse(elapsedNs + other.elapsedNs, cpuNs + other.cpuNs, minorFaults + other.minorFaults);
    }
}
