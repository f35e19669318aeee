package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.linux.LibC;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import net.openhft.chronicle.core.OS;
import net.openhft.posix.MSyncFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/** What to do with pages of a mapping away from the event loops. Stateless; every method blocks. */
final class Pages {
    /** The unit that the processor maps. */
    static final int PAGE_BYTES = OS.pageSize();

    private static final int MADV_RANDOM = 1;
    private static final int MADV_WILLNEED = 3;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private Pages() {}

    /**
     * Makes faults in a mapping fetch one page each. For a file that is being written: without this the first touch of each hole
     * reads ahead, which costs milliseconds and megabytes of zeros where the device's read-ahead is large.
     */
    static void expectNoReadAhead(SegmentMapping mapping) {
        // All of it: advice for a part would split the mapping in two.
        // A kernel that refuses it does no harm.
        advise(mapping, 0, mapping.mappedBytes(), MADV_RANDOM);
    }

    /**
     * Reads [from, to) from the disk, many pages at a time. To be called before Java code touches them: a thread that waits in a page
     * fault in Java code holds up every safepoint, and with it every thread of the process.
     */
    static void readIn(SegmentMapping mapping, long from, long to) {
        advise(mapping, from, to, MADV_WILLNEED);
        // Kernels before 5.14 do not know it: there the first touch waits, as said above.
        if (advise(mapping, from, to, MADV_POPULATE_READ)) {
            mapping.mapped().add(from, to);
        }
    }

    /** As {@link #readIn}, for a reader who may have been there before. */
    static void readInAgain(SegmentMapping mapping, long from, long to) {
        if (mapping.mapped().covers(from, to) && areInMemory(mapping, from, to)) {
            return; // to look is several times cheaper than to ask for them again
        }
        readIn(mapping, from, to);
    }

    /** Whether all pages of [from, to) are in memory, as far as anybody can tell. */
    static boolean areInMemory(SegmentMapping mapping, long from, long to) {
        LibC.Calls libC = LibC.calls();
        long start = floor(from);
        if (libC == null || to <= start) {
            return to <= start;
        }
        byte[] pages = new byte[(int) ((ceiling(to) - start) / PAGE_BYTES)];
        if (libC.mincore(mapping.address() + start, to - start, pages) != 0) {
            return false;
        }
        for (byte page : pages) {
            if ((page & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes the pages of [from, to) ready to be written to without a fault, while the owner may write there. As with {@link #readIn}
     * a thread that has to wait here holds up nobody else.
     */
    static void populate(SegmentMapping mapping, long from, long to) {
        if (!advise(mapping, from, to, MADV_POPULATE_WRITE)) {
            // An old kernel, or a page that cannot be had: then the touch fails, as the append would.
            touchForWriting(mapping, from, to);
        }
    }

    /**
     * Takes the pages of [from, to), both on a page's border, out of the page table. They stay in memory as they are, dirty or not;
     * whoever touches one again takes a fault that only finds it there.
     */
    static void letGo(SegmentMapping mapping, long from, long to) {
        mapping.mapped().remove(from, to);
        // A kernel that refuses it leaves them where they are, which costs time and nothing else.
        advise(mapping, from, to, MADV_DONTNEED);
    }

    private static boolean advise(SegmentMapping mapping, long from, long to, int advice) {
        long start = floor(from);
        PosixAPI posix = PosixAPI.posix();
        return to > start
                && !(posix instanceof NoOpPosixAPI)
                && posix.madvise(mapping.address() + start, to - start, advice) == 0;
    }

    /** Writes to each page of [from, to) without changing anything, also while the owner writes there, so that it will not fault. */
    private static void touchForWriting(SegmentMapping mapping, long from, long to) {
        for (long at = floor(from); at < to; at += PAGE_BYTES) {
            ByteBuffer view = mapping.view(at);
            INTS.getAndAdd(view, SegmentMapping.indexOf(at), 0);
        }
    }

    /**
     * Waits until the pages of [from, to) and the file system's own data about them are on the disk, whoever has written them, and how.
     *
     * @param file what is mapped; it may have been deleted meanwhile
     */
    static void sync(SegmentMapping mapping, long from, long to, Path file) throws IOException {
        long start = floor(from);
        if (!mapping.isWritable() || PosixAPI.posix() instanceof NoOpPosixAPI) {
            // A mapping that cannot be written counts as private: for it, and in the library's stand-in, msync does
            // nothing and says that all is well. What a process has left that died would stay in memory.
            mapping.channel().force(true);
            return;
        }
        if (to > start
                && PosixAPI.posix().msync(mapping.address() + start, to - start, MSyncFlag.MS_SYNC.value()) != 0) {
            throw new LogOfflineException("cannot sync bytes " + start + " to " + to + " of " + file + ": "
                    + PosixAPI.posix().lastErrorStr());
        }
    }

    static long floor(long position) {
        return position & -PAGE_BYTES;
    }

    static long ceiling(long position) {
        return floor(position + PAGE_BYTES - 1);
    }
}
