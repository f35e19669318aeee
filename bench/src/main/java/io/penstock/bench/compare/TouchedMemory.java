package io.penstock.bench.compare;

import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.core.OS;
import net.openhft.posix.PosixAPI;

/**
 * Free memory that is not the host's. A virtual machine may give back what it does not use, in blocks of two megabytes, and has to wait for
 * each page of it when it uses it again. So this touches memory and frees it but for one page in {@value #PAGES_HELD_APART}: between those no
 * block is large enough to be given back.
 *
 * <p>Does nothing where the kernel cannot be asked. Blocks. Owned by one thread.
 */
final class TouchedMemory implements AutoCloseable {
    private static final int PAGES_HELD_APART = 64;
    private static final int PIECE_BYTES = 1 << 30;
    private static final int MADV_DONTNEED = 4;

    private final List<Long> pieces = new ArrayList<>();

    private TouchedMemory() {}

    /** Touches so much, to a gigabyte; none for less than that. */
    static TouchedMemory of(long bytes) {
        TouchedMemory memory = new TouchedMemory();
        if (OS.isLinux()) {
            for (long left = bytes; left >= PIECE_BYTES; left -= PIECE_BYTES) {
                memory.touch();
            }
            memory.pieces.forEach(TouchedMemory::free);
        }
        return memory;
    }

    private void touch() {
        long address = OS.memory().allocate(PIECE_BYTES);
        pieces.add(address);
        OS.memory().setMemory(address, PIECE_BYTES, (byte) 1);
    }

    private static void free(long address) {
        int page = OS.pageSize();
        long strideBytes = (long) PAGES_HELD_APART * page;
        long first = (address + page - 1) / page * page;
        for (long at = first; at + strideBytes <= address + PIECE_BYTES; at += strideBytes) {
            // A kernel that refuses it leaves less free, and costs both contenders the same.
            PosixAPI.posix().madvise(at, strideBytes - page, MADV_DONTNEED);
        }
    }

    /** Gives back what is held, too. */
    @Override
    public void close() {
        pieces.forEach(address -> OS.memory().freeMemory(address, PIECE_BYTES));
        pieces.clear();
    }
}
