package io.penstock.storage.chronicle;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.ReferenceOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment's file in memory, as byte buffers, and its channel, for as long as somebody holds a reference. Unlinking the file meanwhile
 * is no harm. What is written through one is seen through the other: both are the kernel's page cache.
 *
 * <p>Safe from any thread as to references; the bytes are written by the log's owner only, and others read below a position that
 * the owner has told them. Starts with one reference. The last release unmaps on the disk executor, since unmapping a gigabyte takes
 * milliseconds.
 */
final class SegmentMapping {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentMapping.class);
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    /** Views begin every GiB and reach 2 GiB: a batch of less than a GiB lies whole in one. */
    private static final int VIEW_SHIFT = 30;

    private final MappedBytesStore store;
    private final ReferenceOwner holder;
    private final FileChannel channel;
    private final Executor unmapper;
    private final long lengthBytes;
    private final boolean writable;
    private final ByteBuffer[] views;
    private final ByteBuffer[] readOnlyViews;
    private final CoveredRange trusted = new CoveredRange();
    private final CoveredRange mapped = new CoveredRange();
    private final AtomicInteger references = new AtomicInteger(1);

    /**
     * @param store mapping from the start of the file, reserved for {@code holder}; released by this
     * @param channel of the same file; closed by this
     * @param lengthBytes bytes from the start that may be touched
     * @param writable whether mapping and channel are
     * @param unmapper where the last release unmaps
     */
    private SegmentMapping(
            MappedBytesStore store,
            ReferenceOwner holder,
            FileChannel channel,
            long lengthBytes,
            boolean writable,
            Executor unmapper) {
        this.store = store;
        this.holder = holder;
        this.channel = channel;
        this.unmapper = unmapper;
        this.lengthBytes = lengthBytes;
        this.writable = writable;
        int count = (int) ((lengthBytes - 1) >>> VIEW_SHIFT) + 1;
        views = new ByteBuffer[count];
        readOnlyViews = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long start = (long) i << VIEW_SHIFT;
            views[i] = viewOf(store.addressForRead(0) + start, Math.min(Integer.MAX_VALUE, lengthBytes - start));
            readOnlyViews[i] = views[i].asReadOnlyBuffer();
        }
    }

    private static ByteBuffer viewOf(long address, long bytes) {
        PointerBytesStore pointer = new PointerBytesStore();
        pointer.set(address, bytes);
        return pointer.toTemporaryDirectByteBuffer();
    }

    /** The mapping of a file that is written; the parameters are taken over. */
    static SegmentMapping writable(
            MappedBytesStore store, ReferenceOwner holder, FileChannel channel, long lengthBytes, Executor unmapper) {
        return new SegmentMapping(store, holder, channel, lengthBytes, true, unmapper);
    }

    /** Maps a file that is not written any more. Blocks. */
    static SegmentMapping readOnly(Path file, Executor unmapper) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean mapped = false;
        try {
            SegmentMapping mapping = readOnly(file, channel, unmapper);
            mapped = true;
            return mapping;
        } catch (FileNotFoundException e) {
            // Deleted since the line above; Chronicle opens it in an older way.
            throw (IOException) new NoSuchFileException(file.toString()).initCause(e);
        } finally {
            if (!mapped) {
                channel.close();
            }
        }
    }

    private static SegmentMapping readOnly(Path file, FileChannel channel, Executor unmapper) throws IOException {
        long lengthBytes = channel.size();
        if (lengthBytes == 0) {
            throw new IOException("expected batches in " + file + ", found an empty file");
        }
        ReferenceOwner holder = ReferenceOwner.temporary("segment mapping");
        MappedFile mapped = MappedFile.readOnly(file.toFile());
        try {
            MappedBytesStore store = mapped.acquireByteStore(holder, 0);
            return new SegmentMapping(store, holder, channel, lengthBytes, false, unmapper);
        } finally {
            // Closes its own view of the file; the mapping stays.
            mapped.releaseLast();
        }
    }

    /** The file, to be read from or, if this segment is written, written to at explicit positions. Never closed while referenced. */
    FileChannel channel() {
        return channel;
    }

    /** Whether this process may write the file. */
    boolean isWritable() {
        return writable;
    }

    /** What needs no look at its checksums any more: this process wrote it, or has verified it through this mapping. */
    CoveredRange trusted() {
        return trusted;
    }

    /** What was brought into memory through this mapping, and is there still unless the kernel has taken it back. */
    CoveredRange mapped() {
        return mapped;
    }

    long address() {
        return store.addressForRead(0);
    }

    long lengthBytes() {
        return lengthBytes;
    }

    /** As {@link #lengthBytes}, and what is mapped behind. */
    long mappedBytes() {
        return store.capacity();
    }

    /** A buffer that holds everything from {@code position} up to a GiB further; {@link #indexOf} tells where. Absolute access only. */
    ByteBuffer view(long position) {
        return views[(int) (position >>> VIEW_SHIFT)];
    }

    /** Where {@code position} is in {@link #view}. */
    static int indexOf(long position) {
        return (int) (position & ((1L << VIEW_SHIFT) - 1));
    }

    /** A read-only slice; good only while the caller holds a reference. */
    ByteBuffer slice(long position, int bytes) {
        return readOnlyViews[(int) (position >>> VIEW_SHIFT)].slice(indexOf(position), bytes);
    }

    /** The integer at {@code position} in the machine's byte order, in which Chronicle writes. */
    int readNativeInt(long position) {
        int value = view(position).getInt(indexOf(position));
        return LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
    }

    /** Adds a reference; false if there is none left, so that it is being unmapped. */
    boolean tryRetain() {
        int count;
        do {
            count = references.get();
            if (count == 0) {
                return false;
            }
        } while (!references.compareAndSet(count, count + 1));
        return true;
    }

    /** Adds a reference to those of the caller. */
    void retain() {
        if (!tryRetain()) {
            throw new IllegalStateException("retained after the last release");
        }
    }

    void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (left == 0) {
            try {
                unmapper.execute(this::unmap);
            } catch (RejectedExecutionException full) {
                // Rather a hiccup here than a mapping that stays for ever.
                unmap();
            }
        }
    }

    private void unmap() {
        store.release(holder);
        try {
            channel.close();
        } catch (IOException e) {
            // What was written is in the page cache all the same.
            LOGGER.atWarn().setCause(e).log("Could not close a segment's file");
        }
    }
}
