package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import io.penstock.storage.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings large batches to where the next append of a segment would copy them, by ordinary writes on a disk thread. A page that is
 * mapped and written to costs many times what the same page costs in a write; of a batch that was staged, the append touches no
 * pages but those of its header and of the header behind it, and these are made ready here.
 *
 * <p>The bytes lie behind a header that is still zero, so whoever reads the segment ends before them. They must not be there when an
 * excerpt of another length is written, whose successor's header would be among them: if another batch comes than the one that was
 * staged, the segment is {@link #isSpoiled} and takes no more appends.
 *
 * <p>Owned by the log's owner. One batch at a time.
 */
final class Staging {
    /** From this size on a write and the way to a disk thread cost less than the pages would. */
    static final int MIN_BATCH_BYTES = 64 << 10;

    /** Buffers on the heap are written in pieces: the JDK keeps a copy of the largest for each thread. */
    private static final int HEAP_PIECE_BYTES = 256 << 10;

    private final SegmentMapping mapping;
    private final DiskLane lane;
    private final SegmentEvents events;

    /** What lies, or is being written, where the next append will want it. */
    private @Nullable ByteBuffer batch;

    private int batchIndex;
    private int batchBytes;
    private boolean written;
    private boolean spoiled;
    private @Nullable CompletableFuture<@Nullable Void> underWay;

    Staging(SegmentMapping mapping, LogContext context, SegmentEvents events) {
        this.mapping = mapping;
        this.lane = new DiskLane(context);
        this.events = events;
    }

    static boolean isWorthwhile(int batchBytes) {
        return batchBytes >= MIN_BATCH_BYTES;
    }

    /** Whether something lies behind the end that will not be appended: nothing may be written there any more. */
    boolean isSpoiled() {
        return spoiled;
    }

    /** Whether {@code other} is in its place, so that the next append needs not copy it. */
    @SuppressWarnings("ReferenceEquality") // the same memory: to compare the bytes would cost what the copy does
    boolean holds(ByteBuffer other) {
        return written && batch == other && batchIndex == other.position() && batchBytes == other.remaining();
    }

    /** Spoils the segment if something else than {@code other} is in its place, or on its way. */
    void expectOnly(ByteBuffer other) {
        if (batch != null && !holds(other)) {
            abandon();
        }
    }

    /** Spoils the segment if anything is staged. */
    void abandon() {
        if (batch != null) {
            clear();
            spoiled = true;
        }
    }

    /** What was staged has become the last excerpt. */
    void onAppended() {
        clear();
    }

    private void clear() {
        batch = null;
        written = false;
    }

    /**
     * Writes {@code next} for an excerpt that will begin at {@code position}; its memory is read until the stage completes, on the
     * owner. If it cannot be written the segment is spoiled, and the log is full or has failed. Blocks are reserved.
     */
    CompletionStage<@Nullable Void> write(ByteBuffer next, long position) {
        if (spoiled || batch != null) {
            throw new IllegalStateException("staged in a segment that holds a staged batch");
        }
        batch = next;
        batchIndex = next.position();
        batchBytes = next.remaining();
        ByteBuffer content = next.duplicate();
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        underWay = done;
        mapping.retain();
        lane.run(() -> {
                    writeOnDisk(content, position);
                    return true;
                })
                .whenComplete((wrote, failure) -> {
                    mapping.release();
                    underWay = null;
                    onWritten(failure);
                    done.complete(null);
                });
        return done;
    }

    private void onWritten(@Nullable Throwable failure) {
        if (failure == null) {
            written = batch != null; // not if it was abandoned meanwhile
            return;
        }
        abandon();
        if (FileSpace.isDiskFull(failure)) {
            events.onFull();
        } else {
            events.onFailure(failure);
        }
    }

    private void writeOnDisk(ByteBuffer content, long position) throws IOException {
        int size = content.remaining();
        long start = position + Excerpts.HEADER_BYTES;
        writeFully(mapping.channel(), content, start);
        Pages.populate(mapping, position, start + BatchHeader.HEADER_BYTES);
        Pages.populate(mapping, start + size, Excerpts.next(position, size) + Excerpts.HEADER_BYTES);
        // Chronicle's own header, which changes with each append.
        Pages.populate(mapping, 0, Pages.PAGE_BYTES);
    }

    private static void writeFully(FileChannel channel, ByteBuffer content, long start) throws IOException {
        int end = content.limit();
        int pieceBytes = content.isDirect() ? content.remaining() : HEAP_PIECE_BYTES;
        long at = start;
        while (content.position() < end) {
            content.limit(Math.min(end, content.position() + pieceBytes));
            at += channel.write(content, at);
        }
    }

    /** Completes on the owner when no write is under way; none begins after the last append. Only then the file may be truncated. */
    CompletionStage<@Nullable Void> stop() {
        return underWay == null ? CompletableFuture.completedFuture(null) : underWay;
    }
}
