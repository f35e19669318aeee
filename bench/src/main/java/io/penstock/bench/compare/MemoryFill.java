package io.penstock.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the machine's memory full of a file's pages, as the memory of a machine is that has run for a while. New pages then come from
 * those that the kernel takes back, and cost the same for whoever comes first. On a virtual machine they may else come from the host,
 * which takes back what is free and gives it again one page at a time, several times slower; which server meets that is chance. So what is
 * left free is {@link TouchedMemory}.
 *
 * <p>The file is deleted at the end. Blocks.
 */
final class MemoryFill implements AutoCloseable {
    /**
     * For the processes, and for the kernel to begin with. With 1.2 GiB large writes were three times faster, but the kernel then takes
     * pages back all the time, which delays everything else.
     */
    private static final long LEFT_BYTES = 5L << 30;
    /** Of that, what processes have already or are about to take for themselves. */
    private static final long UNTOUCHED_BYTES = 1L << 30;
    /** Filling more than this would take longer than it helps. */
    private static final long MAX_BYTES = 48L << 30;

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path file;
    private final long bytes;
    private final TouchedMemory free;

    private MemoryFill(Path file, long bytes, TouchedMemory free) {
        this.file = file;
        this.bytes = bytes;
        this.free = free;
    }

    /** A fill that does nothing. */
    static MemoryFill none() {
        return new MemoryFill(Path.of(""), 0, TouchedMemory.of(0));
    }

    /** Writes the file, if there is room for it twice, and says so or why not. */
    static MemoryFill in(Path directory, PrintStream progress) throws IOException {
        long wanted = totalBytes() - LEFT_BYTES;
        Files.createDirectories(directory);
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (wanted <= 0 || wanted > MAX_BYTES || usable < 2 * wanted) {
            progress.printf(
                    "not filling memory: %d GiB to fill (at most %d), %d GiB of disk in %s (twice as much is wanted)%n",
                    wanted >> 30, MAX_BYTES >> 30, usable >> 30, directory);
            return none();
        }
        progress.printf("filling memory with a file of %d GiB in %s%n", wanted >> 30, directory);
        Path file = Files.createTempFile(directory, "memory", ".fill");
        file.toFile().deleteOnExit();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (long at = 0; at < wanted; at += chunk.capacity()) {
                channel.write(chunk.clear(), at);
            }
            channel.force(false);
        }
        return new MemoryFill(file, wanted, TouchedMemory.of(LEFT_BYTES - UNTOUCHED_BYTES));
    }

    private static long totalBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no MemTotal in /proc/meminfo");
    }

    /** Brings back into memory what was pushed out, and lets the kernel come to rest. */
    void refill() throws IOException, InterruptedException {
        if (bytes == 0) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
            while (channel.read(chunk.clear()) > 0) {
                // Reading is all.
            }
        }
        TimeUnit.SECONDS.sleep(1);
    }

    @Override
    public void close() throws IOException {
        free.close();
        if (bytes > 0) {
            Files.deleteIfExists(file);
        }
    }
}
