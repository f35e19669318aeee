package io.penstock.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What Linux says about a process of this machine. Immutable.
 *
 * @param pid its number
 */
record ProcessFacts(long pid) {
    private static final int CLOCK_TICKS_PER_SECOND = 100;
    private static final int UTIME_FIELD = 11;

    /** Processor time that it has used, in nanoseconds, to a hundredth of a second. */
    long cpuNs() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME_FIELD]) + Long.parseLong(fields[UTIME_FIELD + 1]);
        return ticks * TimeUnit.SECONDS.toNanos(1) / CLOCK_TICKS_PER_SECOND;
    }

    /** Memory that it occupies now, files that it has mapped included. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS for process " + pid);
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
