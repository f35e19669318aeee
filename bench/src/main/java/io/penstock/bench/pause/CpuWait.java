package io.penstock.bench.pause;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How long the thread that made this was ready to run but had no processor, as Linux counts; always 0 elsewhere. Owned by that thread.
 */
final class CpuWait implements AutoCloseable {
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final String COUNTS = "schedstat";
    private static final int MAX_BYTES = 128;

    private final @Nullable RandomAccessFile counts;
    private final byte[] line = new byte[MAX_BYTES];

    CpuWait() throws IOException {
        // Resolved, since it is to be of this thread whoever reads it.
        counts = Files.isReadable(THREAD.resolve(COUNTS))
                ? new RandomAccessFile(THREAD.toRealPath().resolve(COUNTS).toFile(), "r")
                : null;
    }

    long totalNs() throws IOException {
        if (counts == null) {
            return 0;
        }
        counts.seek(0);
        int length = counts.read(line);
        return Long.parseLong(
                new String(line, 0, length, StandardCharsets.US_ASCII).strip().split(" ", -1)[1]);
    }

    @Override
    public void close() throws IOException {
        if (counts != null) {
            counts.close();
        }
    }
}
