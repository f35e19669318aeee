package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps disk blocks reserved and pages in memory ahead of a segment's write position, so that an append through the mapping neither
 * meets a full disk (which would be a fault, and torn bytes) nor takes a page fault (which may wait for the file system, or be
 * throttled when much memory is dirty).
 *
 * <p>Owned by the log's owner; the work is done on the disk executor, one refill at a time. The window starts small, since ten
 * thousand logs may be open, doubles when refills follow each other quickly or an append had to wait, and halves in quiet times. All of
 * it is made ready but for the smallest window, of which a quarter is. A refill starts when half of what is ready is used, and says
 * how far it has come after each {@link #STRIDE_BYTES} or less. It takes its time, as a {@link Breather} does, if the one before lasted
 * long and nobody waits.
 *
 * <p>A writer that is faster than that finds {@link #isReady} false and {@link #expect}s. One that appends all the same gets what it
 * needs made in place. Batches that are {@link Staging staged} need blocks but no pages, and none are made ready while such follow
 * each other: pages are what costs.
 */
final class WriteAhead {
    static final int MAX_WINDOW_BYTES = 16 << 20;
    /** How often the kernel is asked: it holds the lock of the process's address space meanwhile, about 0.1 ms. */
    static final int STRIDE_BYTES = 256 << 10;
    /** The same when there is time to leave the processor to others in between. */
    private static final int SMALL_STRIDE_BYTES = 16 << 10;
    /** What part of the time until the next refill may be used for pauses. */
    private static final int PAUSED_PART = 4;
    /** Windows of fewer bytes of pages are filled without pauses. */
    private static final int PAUSED_FROM_BYTES = 2 << 20;

    private static final long GROW_WITHIN_NS = 250_000_000L;
    private static final long SHRINK_AFTER_NS = 10_000_000_000L;
    /** After the disk was found full it is asked again no sooner than this. */
    private static final long RETRY_AFTER_NS = 200_000_000L;
    /** After the disk executor would not take a refill somebody waits for. */
    private static final long BUSY_RETRY_MS = 5;

    private static final long NOBODY_WAITS = Long.MAX_VALUE;

    private final Path file;
    private final SegmentMapping mapping;
    private final long limitPosition;
    private final Executor owner;
    private final Executor disk;
    private final SegmentEvents events;

    private Window window;
    private long reservedEnd;
    private long lastRefillNs;
    private long fullUntilNs;
    private boolean full;
    private boolean refilling;
    private boolean stopped;
    private @Nullable CompletableFuture<Void> onStopped;

    /** Up to here an append neither faults nor meets a full disk. Written by whoever refills, read by the owner. */
    private volatile long readyEnd;
    /** What somebody waits for. Written by the owner, read and reset by the disk thread. */
    private volatile long expectedEnd = NOBODY_WAITS;
    /** Left by the disk thread for the owner, who finds it at the next append or by the task that says so. */
    private volatile @Nullable Refill refilled;

    /**
     * How far to look ahead.
     *
     * @param blockBytes how much to keep reserved
     * @param pageBytes how much of that to keep ready: touched pages are memory, reserved blocks are not
     */
    record Window(int blockBytes, int pageBytes) {
        /** Of a log that is hardly written. */
        static final Window IDLE = new Window(64 << 10, 16 << 10);

        private static final int PAGES_GROWTH = 8;

        Window grown() {
            int blocks = Math.min(MAX_WINDOW_BYTES, 2 * blockBytes);
            return new Window(blocks, (int) Math.min(blocks, (long) PAGES_GROWTH * pageBytes));
        }

        Window shrunk() {
            int blocks = blockBytes / 2;
            return blocks <= IDLE.blockBytes ? IDLE : new Window(blocks, Math.min(blocks, pageBytes));
        }

        /** The same blocks, and no more pages than a quiet log needs. */
        Window withIdlePages() {
            return pageBytes == IDLE.pageBytes ? this : new Window(blockBytes, IDLE.pageBytes);
        }
    }

    /**
     * What a refill has come to.
     *
     * @param reservedEnd position up to which there are blocks
     * @param found whether that is as far as it had to be
     */
    private record Refill(
            long reservedEnd, boolean found, @Nullable Throwable failure) {}

    /**
     * @param reservedEnd position up to which blocks are reserved already
     * @param limitPosition position beyond which nothing will be written
     */
    WriteAhead(
            Path file,
            SegmentMapping mapping,
            long reservedEnd,
            long limitPosition,
            Window window,
            LogContext context,
            SegmentEvents events) {
        this.file = file;
        this.mapping = mapping;
        this.reservedEnd = reservedEnd;
        this.limitPosition = limitPosition;
        this.window = window;
        this.owner = context.owner();
        this.disk = context.disk();
        this.events = events;
        this.lastRefillNs = System.nanoTime();
    }

    /** Whether everything up to {@code position} may be written without a fault and without the file system. */
    boolean covers(long position) {
        return position <= readyEnd;
    }

    /** Whether blocks are reserved up to {@code position}: an append is safe then, though it may fault. */
    boolean isReserved(long position) {
        if (position > reservedEnd) {
            absorb();
        }
        return position <= reservedEnd;
    }

    /** Whether an append that ends at {@code neededEnd} needs not wait: it would be done at once, or refused at once. */
    boolean isReady(long neededEnd) {
        return covers(neededEnd) || (full && !isReserved(neededEnd));
    }

    /** As {@link #isReady}, for a batch that is staged. */
    boolean isReadyToStage(long neededEnd) {
        return isReserved(neededEnd) || full;
    }

    Window window() {
        return window;
    }

    /** Makes the pages from {@code position} on ready, as the first refill would. On a disk thread, before the owner has it. */
    void touchFirst(long position) {
        touch(position, Math.min(Pages.floor(reservedEnd), Pages.ceiling(position + window.pageBytes)), 0);
    }

    /** To be called after each append through the mapping: starts a refill when it is time. */
    void onAppended(long endPosition) {
        if (isLow(endPosition)) {
            absorb();
            if (!refilling && mayTry() && isLow(endPosition)) {
                adaptWindow(System.nanoTime() - lastRefillNs);
                refill(endPosition, endPosition, pagesEnd(endPosition, endPosition));
            }
        }
    }

    /** To be called after each append of a batch that was staged, and the page where the next excerpt begins made ready with it. */
    void onStagedAppended(long endPosition) {
        window = window.withIdlePages();
        long pageEnd = Pages.ceiling(endPosition + Excerpts.HEADER_BYTES);
        if (pageEnd > readyEnd && pageEnd <= reservedEnd) {
            readyEnd = pageEnd;
        }
        if (isLowOnBlocks(endPosition)) {
            absorb();
            if (!refilling && mayTry() && isLowOnBlocks(endPosition)) {
                adaptWindow(System.nanoTime() - lastRefillNs);
                refill(endPosition, endPosition, endPosition);
            }
        }
    }

    private boolean isLow(long endPosition) {
        boolean pagesLow = readyEnd - endPosition < window.pageBytes / 2 && readyEnd < limitPosition;
        return pagesLow || isLowOnBlocks(endPosition);
    }

    private boolean isLowOnBlocks(long endPosition) {
        return reservedEnd - endPosition < window.blockBytes / 2 && reservedEnd < limitPosition;
    }

    private boolean mayTry() {
        return !full || System.nanoTime() - fullUntilNs >= 0;
    }

    private void adaptWindow(long sinceNs) {
        if (sinceNs < GROW_WITHIN_NS) {
            window = window.grown();
        } else if (sinceNs > SHRINK_AFTER_NS) {
            window = window.shrunk();
        }
    }

    /**
     * Sees to it that {@link SegmentEvents#onProgress} is told when {@link #isReady} may have become true for {@code neededEnd}. If it
     * is true already by then, nobody needs to be told.
     */
    void expect(long endPosition, long neededEnd) {
        startToExpect(neededEnd);
        if (!refilling) {
            refill(endPosition, neededEnd, pagesEnd(endPosition, neededEnd));
        }
        tellEvenIfBusy();
    }

    /** As {@link #expect}, for {@link #isReadyToStage}. */
    void expectToStage(long endPosition, long neededEnd) {
        startToExpect(neededEnd);
        if (!refilling) {
            refill(endPosition, neededEnd, endPosition);
        }
        tellEvenIfBusy();
    }

    private void startToExpect(long neededEnd) {
        absorb();
        expectedEnd = neededEnd;
        if (!refilling) {
            adaptWindow(0);
        }
    }

    private void tellEvenIfBusy() {
        if (!refilling) {
            CompletableFuture.delayedExecutor(BUSY_RETRY_MS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> owner.execute(events::onProgress));
        }
    }

    /**
     * Starts a refill, unless the file is being let go of or the disk executor is full.
     *
     * @param touchedEnd up to where pages are to be ready
     */
    private void refill(long endPosition, long neededEnd, long touchedEnd) {
        if (stopped || !mapping.tryRetain()) {
            return;
        }
        long nowNs = System.nanoTime();
        // A small window is filled in a moment, and a roll or a close has to wait until it is.
        long spareNs = window.pageBytes >= PAUSED_FROM_BYTES ? (nowNs - lastRefillNs) / PAUSED_PART : 0;
        lastRefillNs = nowNs;
        long from = reservedEnd;
        long leastEnd = windowEnd(endPosition, neededEnd, Window.IDLE.blockBytes);
        long wantedEnd = windowEnd(endPosition, neededEnd, window.blockBytes);
        refilling = true;
        try {
            disk.execute(() -> refillOnDisk(endPosition, from, leastEnd, wantedEnd, touchedEnd, spareNs));
        } catch (RejectedExecutionException busy) {
            // The next append tries again; until then there is what is left of the window.
            refilling = false;
            mapping.release();
        }
    }

    private long pagesEnd(long endPosition, long neededEnd) {
        return windowEnd(endPosition, neededEnd, window.pageBytes);
    }

    /** The end of the last page of a window, or of what is needed if that is more. */
    private long windowEnd(long endPosition, long neededEnd, int aheadBytes) {
        return Math.min(limitPosition, Pages.ceiling(Math.max(neededEnd, endPosition + aheadBytes)));
    }

    private void refillOnDisk(
            long endPosition, long from, long leastEnd, long wantedEnd, long touchedEnd, long spareNs) {
        long reserved = from;
        boolean found = true;
        Throwable failure = null;
        try {
            reserved = reserve(from, leastEnd, wantedEnd);
            found = reserved >= leastEnd;
            touch(endPosition, Math.min(Pages.floor(reserved), touchedEnd), spareNs);
        } catch (IOException | RuntimeException | InternalError e) {
            failure = e;
        } finally {
            mapping.release();
        }
        refilled = new Refill(reserved, found, failure);
        owner.execute(this::onRefilled);
    }

    /** Reserves up to {@code wantedEnd}, or at least to {@code leastEnd} if there is not so much space. Returns how far it came. */
    private long reserve(long from, long leastEnd, long wantedEnd) throws IOException {
        if (wantedEnd <= from || FileSpace.reserve(file, from, wantedEnd)) {
            return Math.max(from, wantedEnd);
        }
        return leastEnd > from && leastEnd < wantedEnd && FileSpace.reserve(file, from, leastEnd) ? leastEnd : from;
    }

    /**
     * From the write position on, since the kernel write-protects pages again that it has written back meanwhile.
     *
     * @param spareNs how long it may pause in all
     */
    private void touch(long from, long to, long spareNs) {
        try (Breather breather = new Breather(spareNs)) {
            for (long at = from; at < to; ) {
                boolean hasTime = breather.hasTime() && expectedEnd == NOBODY_WAITS;
                long end = Math.min(to, Pages.floor(at + (hasTime ? SMALL_STRIDE_BYTES : STRIDE_BYTES)));
                Pages.populate(mapping, at, end);
                onTouched(end);
                at = end;
                if (hasTime && at < to) {
                    breather.breathe();
                }
            }
        }
    }

    private void onTouched(long end) {
        if (end > readyEnd) {
            readyEnd = end;
        }
        if (end >= expectedEnd) {
            expectedEnd = NOBODY_WAITS;
            owner.execute(events::onProgress);
        }
    }

    private void onRefilled() {
        absorb();
        if (expectedEnd != NOBODY_WAITS) {
            expectedEnd = NOBODY_WAITS;
            events.onProgress();
        }
    }

    /** Takes in what the last refill has come to, if that is new. */
    private void absorb() {
        Refill refill = refilled;
        if (refill == null) {
            return;
        }
        refilled = null;
        refilling = false;
        reservedEnd = Math.max(reservedEnd, refill.reservedEnd);
        noteSpace(refill.found);
        if (refill.failure != null) {
            events.onFailure(refill.failure);
        }
        if (onStopped != null) {
            onStopped.complete(null);
        }
    }

    private void noteSpace(boolean found) {
        full = !found;
        if (full) {
            fullUntilNs = System.nanoTime() + RETRY_AFTER_NS;
        }
    }

    /**
     * The last resort of an append that did not wait: reserves in place, which may wait for the file system.
     *
     * <p>While the disk is known to be full it does not try, but starts a refill, so that appends succeed again soon after there is
     * space.
     *
     * @return false if there is no space
     */
    boolean reserveNow(long endPosition, long neededEnd) throws IOException {
        boolean wouldOverwrite = refilling && FileSpace.fillsWithZeros();
        if (!mayTry() || wouldOverwrite || neededEnd > limitPosition) {
            return false;
        }
        if (full) {
            // It was full a moment ago: let the disk thread find out, not the owner.
            if (!refilling) {
                refill(endPosition, neededEnd, pagesEnd(endPosition, neededEnd));
            }
            return false;
        }
        adaptWindow(0);
        long leastEnd = windowEnd(endPosition, neededEnd, Window.IDLE.blockBytes);
        reservedEnd = reserve(reservedEnd, leastEnd, windowEnd(endPosition, neededEnd, window.blockBytes));
        boolean found = reservedEnd >= neededEnd;
        noteSpace(found);
        return found;
    }

    /** Starts no refill any more. The stage completes on the owner when none is under way: only then the file may be truncated. */
    CompletionStage<Void> stop() {
        stopped = true;
        if (!refilling) {
            return CompletableFuture.completedFuture(null);
        }
        if (onStopped == null) {
            onStopped = new CompletableFuture<>();
        }
        return onStopped;
    }
}
