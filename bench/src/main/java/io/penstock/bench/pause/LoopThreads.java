package io.penstock.bench.pause;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux counts for the threads of the event loops: page faults, and the time they were ready to run but had no processor. All zero
 * elsewhere. Immutable.
 */
record LoopThreads(long minorFaults, long majorFaults, long waitedForCpuNs) {
    private static final Path TASKS = Path.of("/proc/self/task");
    /** The kernel keeps 15 characters of a name. */
    private static final String NAME = "vert.x-eventloo";

    private static final int MINOR_FIELD = 7;
    private static final int MAJOR_FIELD = 9;

    static LoopThreads now() throws IOException {
        LoopThreads sum = new LoopThreads(0, 0, 0);
        if (!Files.isDirectory(TASKS)) {
            return sum;
        }
        List<Path> tasks;
        try (Stream<Path> found = Files.list(TASKS)) {
            tasks = found.toList();
        }
        for (Path task : tasks) {
            if (Files.readString(task.resolve("comm")).strip().equals(NAME)) {
                sum = sum.plus(of(task));
            }
        }
        return sum;
    }

    private static LoopThreads of(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        String[] sched = Files.readString(task.resolve("schedstat")).strip().split(" ", -1);
        return new LoopThreads(
                Long.parseLong(fields[MINOR_FIELD]), Long.parseLong(fields[MAJOR_FIELD]), Long.parseLong(sched[1]));
    }

    private LoopThreads plus(LoopThreads other) {
        return new LoopThreads(
                minorFaults + other.minorFaults,
                majorFaults + other.majorFaults,
                waitedForCpuNs + other.waitedForCpuNs);
    }

    LoopThreads since(LoopThreads before) {
        return new LoopThreads(
                minorFaults - before.minorFaults,
                majorFaults - before.majorFaults,
                waitedForCpuNs - before.waitedForCpuNs);
    }
}
