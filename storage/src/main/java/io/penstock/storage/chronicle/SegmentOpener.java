package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogFullException;
import io.penstock.storage.index.SegmentIndexBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.io.ReferenceOwner;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * Creates and reopens the Chronicle queue of a segment, ready to be appended to. Immutable; every method blocks.
 *
 * <p>The mapping covers the whole segment at once, so that no append ever maps or grows a file. The file is sparse.
 */
final class SegmentOpener {
    /** Zeros that are written before Chronicle maps a file: real blocks, and no read-ahead of a hole on first touch. */
    private static final int ZEROED_BYTES = 4096;

    private static final int ZEROED_METADATA_BYTES = 8192;
    private static final int ALIGNMENT = 64 << 10;
    private static final long MIN_CHUNK_BYTES = 1 << 20;
    /** The length field of an excerpt has 30 bits. */
    private static final int MAX_BATCH_BYTES = (1 << 30) - (1 << 20);
    /** Chronicle overlaps a chunk by a quarter of it and takes no excerpt that is larger than the overlap. */
    private static final int CHUNK_TO_OVERLAP = 4;
    /** A batch of the smallest size has up to 7 bytes of framing to 61 of its own. */
    private static final int FRAMING_PART = 8;
    /** For headers that Chronicle would wait for; a file that passes our checks has none. */
    private static final long HEADER_TIMEOUT_MS = 10;

    private final LogFiles files;
    private final LogContext context;
    private final SegmentEvents events;

    /** @param events told on the owner when the disk fails under a segment, or has made room in one */
    SegmentOpener(LogFiles files, LogContext context, SegmentEvents events) {
        ChronicleSettings.apply();
        this.files = files;
        this.context = context;
        this.events = events;
    }

    /**
     * Creates an empty segment.
     *
     * @param window how far to look ahead at first
     * @param minBatchBytes a batch of this size must fit, whatever the settings say
     * @throws LogFullException no space; nothing is left behind
     */
    ActiveSegment create(int number, LogConfig config, WriteAhead.Window window, int minBatchBytes) throws IOException {
        Path directory = files.segment(number);
        boolean created = false;
        try {
            Files.createDirectory(directory);
            FileSpace.createZeroed(files.metadata(number), ZEROED_METADATA_BYTES);
            FileSpace.createZeroed(files.batches(number), ZEROED_BYTES);
            long reservedEnd = Math.max(window.blockBytes(), minBatchBytes + 2L * ZEROED_BYTES);
            reserve(number, ZEROED_BYTES, reservedEnd);
            SegmentIndexBuilder index = new SegmentIndexBuilder(config.indexIntervalBytes());
            ActiveSegment segment = open(
                    number, sizeOf(config, minBatchBytes), window, reservedEnd, index, 0, System.currentTimeMillis());
            created = true;
            return segment;
        } catch (IOException e) {
            throw translate(e);
        } finally {
            if (!created) {
                FileTrees.deleteQuietly(directory);
            }
        }
    }

    /**
     * Opens a segment again that was closed in order.
     *
     * @param index everything that is in it
     * @param endPosition where its last excerpt ends
     * @throws IOException also when Chronicle sees something else in the file than we do; then it must not be appended to
     * @throws LogFullException no space to reserve
     */
    ActiveSegment reopen(int number, LogConfig config, SegmentIndexBuilder index, long endPosition) throws IOException {
        try {
            checkHeader(files.batches(number));
            long appendedMs = Files.getLastModifiedTime(files.batches(number)).toMillis();
            Files.deleteIfExists(files.metadata(number));
            FileSpace.createZeroed(files.metadata(number), ZEROED_METADATA_BYTES);
            long reservedEnd = endPosition + WriteAhead.Window.IDLE.blockBytes();
            // Not from the start of the page: a file system without fallocate gets zeros written.
            reserve(number, endPosition, reservedEnd);
            clearBehind(files.batches(number), endPosition);
            return open(
                    number,
                    sizeOf(config, 0),
                    WriteAhead.Window.IDLE,
                    reservedEnd,
                    index,
                    index.lastPosition(),
                    appendedMs);
        } catch (IOException e) {
            throw translate(e);
        }
    }

    /** Chronicle renames a file away whose first header is not ready, and writes a new one over zeros: not with our batches in it. */
    private static void checkHeader(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Excerpts.HEADER_BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(header, 0);
        }
        int value = header.getInt(0);
        if (!Excerpts.isReady(value) || Excerpts.isBatch(value) || Excerpts.lengthOf(value) > ZEROED_BYTES) {
            throw new IOException(
                    "expected Chronicle's header at the start of " + file + ", found 0x" + Integer.toHexString(value));
        }
    }

    /**
     * Makes zeros of what is left of the last page. When the power failed soon after an earlier reopening, that page may have reached the
     * disk and the file's new length not: then it holds bytes of an append, or of a staging, that the log knows nothing of.
     */
    private static void clearBehind(Path file, long endPosition) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileSpace.writeZeros(channel, endPosition, Pages.ceiling(endPosition + Excerpts.HEADER_BYTES));
        }
    }

    private void reserve(int number, long from, long to) throws IOException {
        if (!FileSpace.reserve(files.batches(number), from, to)) {
            throw new LogFullException("no space for " + (to - from) + " bytes in " + files.segment(number));
        }
    }

    private IOException translate(IOException e) {
        if (FileSpace.isDiskFull(e)) {
            throw new LogFullException("no space for a segment in " + files.directory(), e);
        }
        return e;
    }

    private static long sizeOf(LogConfig config, int minBatchBytes) {
        long segment = config.segmentBytes() + (long) config.segmentBytes() / FRAMING_PART;
        long largest = Math.min(MAX_BATCH_BYTES, Math.max(minBatchBytes, config.maxBatchBytes()));
        long forBatch = CHUNK_TO_OVERLAP * (largest + 2L * Excerpts.APPEND_SLACK_BYTES);
        long chunk = Math.max(MIN_CHUNK_BYTES, Math.max(segment, forBatch) + ALIGNMENT);
        return (chunk + ALIGNMENT - 1) & -ALIGNMENT;
    }

    private ActiveSegment open(
            int number,
            long chunkBytes,
            WriteAhead.Window window,
            long reservedEnd,
            SegmentIndexBuilder index,
            long expectedLastPosition,
            long appendedMs)
            throws IOException {
        SingleChronicleQueue queue = queueOf(number, chunkBytes);
        boolean opened = false;
        try {
            ActiveSegment segment =
                    openStore(number, queue, chunkBytes, window, reservedEnd, index, expectedLastPosition, appendedMs);
            opened = true;
            return segment;
        } catch (RuntimeException | InternalError e) {
            // InternalError: a fault in mapped memory.
            throw new IOException("Chronicle cannot open segment " + number + " in " + files.directory(), e);
        } finally {
            if (!opened) {
                queue.close();
            }
        }
    }

    private SingleChronicleQueue queueOf(int number, long chunkBytes) {
        return SingleChronicleQueueBuilder.binary(files.segment(number))
                .rollCycle(SegmentRollCycle.INSTANCE)
                .timeProvider(SegmentRollCycle.timeOf(number))
                .indexCount(SegmentRollCycle.INSTANCE.defaultIndexCount())
                .indexSpacing(SegmentRollCycle.INSTANCE.defaultIndexSpacing())
                .blockSize(chunkBytes)
                .syncMode(SyncMode.NONE)
                .timeoutMS(HEADER_TIMEOUT_MS)
                .checkInterrupts(false)
                .forceDirectoryListingRefreshIntervalMs(Long.MAX_VALUE)
                .build();
    }

    private ActiveSegment openStore(
            int number,
            SingleChronicleQueue queue,
            long chunkBytes,
            WriteAhead.Window window,
            long reservedEnd,
            SegmentIndexBuilder index,
            long expectedLastPosition,
            long appendedMs)
            throws IOException {
        // Writes Chronicle's header if the file has none, and maps it.
        SingleChronicleQueueStore store = queue.storeForCycle(number, 0, true, null);
        if (store == null) {
            throw new IOException("expected Chronicle to open segment " + number + ", found it refuses");
        }
        SegmentMapping mapping = null;
        boolean opened = false;
        try {
            if (store.writePosition() != expectedLastPosition) {
                throw new IOException("expected the last excerpt of segment " + number + " at position "
                        + expectedLastPosition + ", found " + store.writePosition());
            }
            mapping = mappingOf(number, store, chunkBytes);
            Pages.expectNoReadAhead(mapping);
            ExcerptAppender appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            long endPosition = endOf(mapping, expectedLastPosition);
            WriteAhead ahead =
                    new WriteAhead(files.batches(number), mapping, reservedEnd, chunkBytes, window, context, events);
            ahead.touchFirst(endPosition);
            opened = true;
            return new ActiveSegment(
                    number,
                    queue,
                    appender,
                    mapping,
                    ahead,
                    new Staging(mapping, context, events),
                    index,
                    endPosition,
                    chunkBytes,
                    maxBatchOf(chunkBytes),
                    appendedMs);
        } finally {
            queue.closeStore(store);
            if (!opened && mapping != null) {
                mapping.release();
            }
        }
    }

    private SegmentMapping mappingOf(int number, SingleChronicleQueueStore store, long chunkBytes) throws IOException {
        ReferenceOwner holder = ReferenceOwner.temporary("active segment");
        FileChannel channel =
                FileChannel.open(files.batches(number), StandardOpenOption.READ, StandardOpenOption.WRITE);
        MappedBytes bytes = store.bytes();
        boolean mapped = false;
        try {
            MappedBytesStore memory = bytes.mappedFile().acquireByteStore(holder, 0);
            mapped = true;
            return SegmentMapping.writable(memory, holder, channel, chunkBytes, context.disk());
        } finally {
            bytes.releaseLast();
            if (!mapped) {
                channel.close();
            }
        }
    }

    private static int maxBatchOf(long chunkBytes) {
        return (int) Math.min(MAX_BATCH_BYTES, chunkBytes / CHUNK_TO_OVERLAP - 2L * Excerpts.APPEND_SLACK_BYTES);
    }

    /** Where the next excerpt will begin: after the last one, and after Chronicle's own if there is none. */
    private static long endOf(SegmentMapping mapping, long lastPosition) {
        BatchCursor cursor = new BatchCursor(mapping, lastPosition, mapping.lengthBytes());
        while (cursor.advance()) {
            // To the end: at most one batch, since the walk starts at the last.
        }
        return cursor.nextPosition();
    }
}
