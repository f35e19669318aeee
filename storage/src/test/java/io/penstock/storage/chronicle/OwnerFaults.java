package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often the current thread has faulted, as the kernel counts. Immutable. */
record OwnerFaults(long minor, long major) {
    private static final Path STAT = Path.of("/proc/thread-self/stat");
    /** Where the counts stand behind the name, which may hold blanks. */
    private static final int MINOR_FIELD = 7;

    private static final int MAJOR_FIELD = 9;

    /** Whether the system counts. */
    static boolean areCounted() {
        return Files.isReadable(STAT);
    }

    static OwnerFaults now() throws IOException {
        String line = Files.readString(STAT);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return new OwnerFaults(Long.parseLong(fields[MINOR_FIELD]), Long.parseLong(fields[MAJOR_FIELD]));
    }

    OwnerFaults since(OwnerFaults before) {
        return new OwnerFaults(minor - before.minor, major - before.major);
    }
}
