package io.penstock.storage.chronicle;

import io.penstock.storage.linux.LibC;
import java.io.IOException;
import java.nio.file.Path;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import org.jspecify.annotations.Nullable;

/**
 * Brings pages of a file to the disk so that little memory is dirty. Promises nothing about a power cut, so it needs neither the file
 * system's journal nor the device's cache flushed, and takes its time if it has any. Stateless; blocks.
 *
 * <p>First it takes the pages out of the page table. Of those that are in it the kernel write-protects each one before it is written,
 * and interrupts every processor that runs the process to say so.
 */
final class WriteBack {
    /** How much is handed to the disk at a time, if there is time. */
    private static final int STRIDE_BYTES = 64 << 10;

    private static final int WAIT_BEFORE = 1;
    private static final int WRITE = 2;
    private static final int WAIT_AFTER = 4;

    private WriteBack() {}

    /**
     * Brings [from, to) to the disk, of which nothing is written any more.
     *
     * @param file what is mapped; it may have been deleted meanwhile
     * @param spareNs how long all pauses together may be
     * @throws IOException the disk failed; the kernel may have forgotten what it could not write
     */
    static void run(SegmentMapping mapping, long from, long to, Path file, long spareNs) throws IOException {
        LibC.@Nullable Calls libC = LibC.calls();
        int descriptor = libC == null ? -1 : PosixAPI.posix().open(file.toString(), OpenFlag.O_RDONLY, 0);
        boolean done = false;
        if (libC != null && descriptor >= 0) {
            try (Breather breather = new Breather(spareNs)) {
                done = writeBack(libC, descriptor, mapping, from, to, breather);
            } finally {
                PosixAPI.posix().close(descriptor);
            }
        }
        if (!done) {
            // Knows best what is wrong, if something is.
            Pages.sync(mapping, from, to, file);
        }
    }

    private static boolean writeBack(
            LibC.Calls libC, int descriptor, SegmentMapping mapping, long from, long to, Breather breather) {
        for (long at = from; at < to; at += STRIDE_BYTES) {
            long end = Math.min(to, at + STRIDE_BYTES);
            Pages.letGo(mapping, at, end);
            if (breather.hasTime()) {
                if (libC.sync_file_range(descriptor, at, end - at, WRITE) != 0) {
                    return false;
                }
                breather.breathe();
            }
        }
        return libC.sync_file_range(descriptor, from, to - from, WAIT_BEFORE | WRITE | WAIT_AFTER) == 0;
    }
}
