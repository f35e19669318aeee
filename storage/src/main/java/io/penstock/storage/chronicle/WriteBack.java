package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.IgnoreError;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings pages of a file to the disk so that little memory is dirty. Promises nothing about a power cut, so it needs neither the file
 * system's journal nor the device's cache flushed, and takes its time if it has any. Stateless; blocks.
 */
final class WriteBack {
    private static final Logger LOGGER = LoggerFactory.getLogger(WriteBack.class);
    /** How much is handed to the disk at a time; the kernel interrupts every processor for each page of it. */
    private static final int STRIDE_BYTES = 64 << 10;

    private static final int WAIT_BEFORE = 1;
    private static final int WRITE = 2;
    private static final int WAIT_AFTER = 4;

    /** What Chronicle's own interface to the C library lacks. */
    public interface FileRanges {
        /** See the manual page of that name (Linux). */
        @IgnoreError
        int sync_file_range(int descriptor, long offset, long bytes, int flags);
    }

    /** Loaded when the first log has grown so much that it is needed, on a disk thread. */
    private static final class Loaded {
        private static final @Nullable FileRanges RANGES = load();

        private static @Nullable FileRanges load() {
            if (PosixAPI.posix() instanceof NoOpPosixAPI) {
                return null;
            }
            try {
                return LibraryLoader.create(FileRanges.class).failImmediately().load("c");
            } catch (RuntimeException | LinkageError e) {
                LOGGER.debug("No sync_file_range: files are synced instead", e);
                return null;
            }
        }
    }

    private WriteBack() {}

    /**
     * Brings [from, to) to the disk, of which nothing is written any more.
     *
     * @param file what is mapped; it may have been deleted meanwhile
     * @param spareNs how long all pauses together may be
     * @throws IOException the disk failed; the kernel may have forgotten what it could not write
     */
    static void run(SegmentMapping mapping, long from, long to, Path file, long spareNs) throws IOException {
        FileRanges ranges = Loaded.RANGES;
        int descriptor = ranges == null ? -1 : PosixAPI.posix().open(file.toString(), OpenFlag.O_RDONLY, 0);
        boolean done = false;
        if (ranges != null && descriptor >= 0) {
            try (Breather breather = new Breather(spareNs)) {
                done = writeBack(ranges, descriptor, from, to, breather);
            } finally {
                PosixAPI.posix().close(descriptor);
            }
        }
        if (!done) {
            // Knows best what is wrong, if something is.
            Pages.sync(mapping, from, to, file);
        }
    }

    private static boolean writeBack(FileRanges ranges, int descriptor, long from, long to, Breather breather) {
        for (long at = from; at < to && breather.hasTime(); at += STRIDE_BYTES) {
            if (ranges.sync_file_range(descriptor, at, Math.min(STRIDE_BYTES, to - at), WRITE) != 0) {
                return false;
            }
            breather.breathe();
        }
        return ranges.sync_file_range(descriptor, from, to - from, WAIT_BEFORE | WRITE | WAIT_AFTER) == 0;
    }
}
