package io.penstock.net.handler;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Room on the volume of the data directory.
 *
 * @param totalBytes -1 if unknown
 * @param usableBytes what may still be written; -1 if unknown
 */
record DiskSpace(long totalBytes, long usableBytes) {
    static final DiskSpace UNKNOWN = new DiskSpace(-1, -1);

    /** Asks the file system. Blocks. */
    static DiskSpace of(Path directory) throws IOException {
        FileStore volume = Files.getFileStore(directory);
        return new DiskSpace(positive(volume.getTotalSpace()), positive(volume.getUsableSpace()));
    }

    /** The JDK overflows on very large file systems. */
    private static long positive(long bytes) {
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }
}
