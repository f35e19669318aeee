package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.index.SegmentIndexBuilder;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * The segment that is being written: a Chronicle queue, its appender and the one mapping that writes and hot reads share.
 *
 * <p>Made on a disk thread by {@link SegmentOpener}, then owned by the log's owner; {@link #closeQueue} again on a disk thread, after
 * the last append. No method but that one waits for the disk, as long as {@link WriteAhead} has kept blocks and pages ready.
 */
final class ActiveSegment {
    private final int number;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final SegmentMapping mapping;
    private final WriteAhead writeAhead;
    private final Staging staging;
    private final SegmentIndexBuilder index;
    private final long limitPosition;
    private final int maxBatchBytes;
    private long endPosition;
    /** Position from which on this process has written everything: those pages are in memory. */
    private final long firstHotPosition;

    private long firstAppendMs;
    private long lastAppendMs;

    /**
     * @param endPosition where the next excerpt will begin
     * @param limitPosition where the last one must end
     * @param maxBatchBytes largest batch that fits between them
     * @param appendedMs wall-clock time to take for that of the appends before now
     */
    ActiveSegment(
            int number,
            ChronicleQueue queue,
            ExcerptAppender appender,
            SegmentMapping mapping,
            WriteAhead writeAhead,
            Staging staging,
            SegmentIndexBuilder index,
            long endPosition,
            long limitPosition,
            int maxBatchBytes,
            long appendedMs) {
        this.number = number;
        this.queue = queue;
        this.appender = appender;
        this.mapping = mapping;
        this.writeAhead = writeAhead;
        this.staging = staging;
        this.index = index;
        this.endPosition = endPosition;
        this.firstHotPosition = endPosition;
        this.limitPosition = limitPosition;
        this.maxBatchBytes = maxBatchBytes;
        firstAppendMs = appendedMs;
        lastAppendMs = appendedMs;
    }

    int number() {
        return number;
    }

    SegmentMapping mapping() {
        return mapping;
    }

    WriteAhead writeAhead() {
        return writeAhead;
    }

    Staging staging() {
        return staging;
    }

    SegmentIndexBuilder index() {
        return index;
    }

    /** Where the next excerpt will begin. */
    long endPosition() {
        return endPosition;
    }

    long firstHotPosition() {
        return firstHotPosition;
    }

    /** Wall-clock time of the first append, as far as this process knows. */
    long firstAppendMs() {
        return firstAppendMs;
    }

    /** Wall-clock time of the last append. */
    long lastAppendMs() {
        return lastAppendMs;
    }

    boolean isEmpty() {
        return index.batchCount() == 0;
    }

    /** From where to read {@code offset} to what was written last, when the log ends at {@code logEndOffset}; not if empty. */
    Stretch stretchFrom(long offset, long logEndOffset) {
        return new Stretch(index.positionFor(offset), index.baseOffsetFor(offset), endPosition, logEndOffset, false);
    }

    /** Whether the segment takes a batch of that size; independent of what is reserved on the disk. */
    boolean hasRoomFor(int batchBytes) {
        return batchBytes <= maxBatchBytes && neededEnd(batchBytes) <= limitPosition && !staging.isSpoiled();
    }

    /** Whether blocks are reserved for a batch of that size. */
    boolean isReservedFor(int batchBytes) {
        return writeAhead.isReserved(neededEnd(batchBytes));
    }

    /** Whether a batch of that size could be appended, or staged if it is large, or refused, without waiting. */
    boolean isReadyFor(int batchBytes) {
        long neededEnd = neededEnd(batchBytes);
        return Staging.isWorthwhile(batchBytes) ? writeAhead.isReadyToStage(neededEnd) : writeAhead.isReady(neededEnd);
    }

    /** Sees to it that {@link SegmentEvents#onProgress} is told when {@link #isReadyFor} may have become true. */
    void expect(int batchBytes) {
        if (Staging.isWorthwhile(batchBytes)) {
            writeAhead.expectToStage(endPosition, neededEnd(batchBytes));
        } else {
            writeAhead.expect(endPosition, neededEnd(batchBytes));
        }
    }

    int maxBatchBytes() {
        return maxBatchBytes;
    }

    /** Position up to which the disk must have blocks before a batch of that size may be appended. */
    long neededEnd(int batchBytes) {
        return endPosition + batchBytes + Excerpts.APPEND_SLACK_BYTES;
    }

    /**
     * Appends a copy of the batch with base offset and leader epoch set; if it was staged it is there already. The caller has made sure
     * of room and reserve, and that nothing else is staged.
     *
     * @return position of the excerpt
     * @throws LogOfflineException Chronicle could not, or did something else than expected
     */
    long append(ByteBuffer batch, long baseOffset, int leaderEpoch) {
        int size = batch.remaining();
        long position = endPosition;
        try (DocumentContext excerpt = appender.writingDocument()) {
            boolean written = false;
            try {
                write(excerpt, batch, baseOffset, leaderEpoch);
                written = true;
            } finally {
                if (!written) {
                    excerpt.rollbackOnClose();
                }
            }
        } catch (RuntimeException | InternalError e) {
            // InternalError is how the JVM reports a fault in mapped memory.
            throw new LogOfflineException(
                    "cannot append " + size + " bytes at position " + position + " of segment " + number, e);
        }
        staging.onAppended();
        endPosition = Excerpts.next(position, size);
        lastAppendMs = System.currentTimeMillis();
        if (isEmpty()) {
            firstAppendMs = lastAppendMs;
        }
        return position;
    }

    private void write(DocumentContext excerpt, ByteBuffer batch, long baseOffset, int leaderEpoch) {
        int size = batch.remaining();
        Bytes<?> bytes = excerptBytes(excerpt);
        long content = bytes.writePosition();
        if (content != endPosition + Excerpts.HEADER_BYTES) {
            throw new IllegalStateException("expected to write at position " + (endPosition + Excerpts.HEADER_BYTES)
                    + " of segment " + number + ", found " + content);
        }
        ByteBuffer view = mapping.view(content);
        int at = SegmentMapping.indexOf(content);
        if (!staging.holds(batch)) {
            view.put(at, batch, batch.position(), size);
        }
        BatchHeader.putBaseOffset(view, at, baseOffset);
        BatchHeader.putLeaderEpoch(view, at, leaderEpoch);
        bytes.writeSkip(size);
    }

    private static Bytes<?> excerptBytes(DocumentContext excerpt) {
        var wire = excerpt.wire();
        if (wire == null) {
            throw new IllegalStateException("expected an excerpt to write, found none");
        }
        return wire.bytes();
    }

    /** Lets the disk threads end what they do in the file. The stage completes on the owner: only then it may be truncated. */
    CompletionStage<@Nullable Void> stop() {
        return writeAhead.stop().thenCompose(stopped -> staging.stop());
    }

    /** Closes the queue; the mapping stays for whoever holds it. Blocks. */
    void closeQueue() {
        appender.close();
        queue.close();
    }
}
