package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps disk blocks reserved and pages resident ahead of a segment's write position, so that an append through the mapping neither
 * meets a full disk (which would be a fault, and torn bytes) nor waits for a page.
 *
 * <p>Owned by the log's owner; the work is done on the disk executor, one refill at a time. The window starts small, since ten
 * thousand logs may be open, doubles when refills follow each other quickly and halves when they do not. A refill starts when half
 * of the window is used, so a writer outruns it only if it writes half a window faster than the disk executor gets to a
 * {@code fallocate}; then {@link #reserveNow} does it in place.
 */
final class WriteAhead {
    static final int MIN_WINDOW_BYTES = 64 << 10;
    static final int MAX_WINDOW_BYTES = 16 << 20;
    private static final long GROW_WITHIN_NS = 500_000_000L;
    private static final long SHRINK_AFTER_NS = 10_000_000_000L;
    /** After the disk was found full it is asked again no sooner than this. */
    private static final long RETRY_AFTER_NS = 200_000_000L;
    /** Only this part of the window is made resident: touched pages are memory, reserved blocks are not. */
    private static final int TOUCHED_PART = 4;

    private final Path file;
    private final SegmentMapping mapping;
    private final long limitPosition;
    private final Executor owner;
    private final Executor disk;
    private final Consumer<Throwable> onFailure;

    private int windowBytes;
    private long reservedEnd;
    private long touchedEnd;
    private long lastRefillNs;
    private long fullUntilNs;
    private boolean full;
    private boolean refilling;
    private boolean stopped;
    private @Nullable CompletableFuture<Void> onStopped;
    /** Left by the disk thread for the owner, who finds it at the next append or by the task that says so. */
    private volatile @Nullable Refill refilled;

    /**
     * What a refill has come to.
     *
     * @param reservedEnd position up to which there are blocks
     * @param found whether that is as far as it was to be
     * @param touchedEnd position up to which pages are resident
     */
    private record Refill(
            long reservedEnd,
            boolean found,
            long touchedEnd,
            @Nullable Throwable failure) {}

    /**
     * @param reservedEnd position up to which blocks are reserved already
     * @param limitPosition position beyond which nothing will be written
     * @param onFailure told on the owner if the disk fails otherwise than by being full
     */
    WriteAhead(
            Path file,
            SegmentMapping mapping,
            long reservedEnd,
            long limitPosition,
            int windowBytes,
            LogContext context,
            Consumer<Throwable> onFailure) {
        this.file = file;
        this.mapping = mapping;
        this.reservedEnd = reservedEnd;
        this.limitPosition = limitPosition;
        this.windowBytes = windowBytes;
        this.owner = context.owner();
        this.disk = context.disk();
        this.onFailure = onFailure;
        this.lastRefillNs = System.nanoTime();
    }

    /** Whether everything up to {@code position} may be written. */
    boolean covers(long position) {
        if (position > reservedEnd) {
            absorb();
        }
        return position <= reservedEnd;
    }

    int windowBytes() {
        return windowBytes;
    }

    /** Makes the pages from {@code position} on resident, as the first refill would. On a disk thread, before the owner has it. */
    void touchFirst(long position) {
        touchedEnd = touch(position, reservedEnd, windowBytes);
    }

    /** To be called after each append: starts a refill when it is time. */
    void onAppended(long endPosition) {
        if (isLow(endPosition)) {
            absorb();
            boolean mayTry = !full || System.nanoTime() - fullUntilNs >= 0;
            if (!refilling && !stopped && mayTry && isLow(endPosition)) {
                refill(endPosition, endPosition);
            }
        }
    }

    private boolean isLow(long endPosition) {
        boolean blocksLow = reservedEnd - endPosition < windowBytes / 2 && reservedEnd < limitPosition;
        boolean pagesLow = touchedEnd - endPosition < windowBytes / (2 * TOUCHED_PART) && touchedEnd < limitPosition;
        return blocksLow || pagesLow;
    }

    private void refill(long endPosition, long neededEnd) {
        if (!mapping.tryRetain()) {
            return;
        }
        adaptWindow();
        long from = reservedEnd;
        long to = Math.min(limitPosition, Math.max(neededEnd, endPosition + windowBytes));
        int window = windowBytes;
        refilling = true;
        try {
            disk.execute(() -> refillOnDisk(endPosition, from, to, window));
        } catch (RejectedExecutionException busy) {
            // The next append tries again; until then there is what is left of the window.
            refilling = false;
            mapping.release();
        }
    }

    private void adaptWindow() {
        long now = System.nanoTime();
        long sinceNs = now - lastRefillNs;
        lastRefillNs = now;
        if (sinceNs < GROW_WITHIN_NS) {
            windowBytes = Math.min(MAX_WINDOW_BYTES, windowBytes * 2);
        } else if (sinceNs > SHRINK_AFTER_NS) {
            windowBytes = Math.max(MIN_WINDOW_BYTES, windowBytes / 2);
        }
    }

    private void refillOnDisk(long endPosition, long from, long to, int window) {
        boolean found = true;
        long touched = 0;
        Throwable failure = null;
        try {
            found = to <= from || FileSpace.reserve(file, from, to);
            touched = touch(endPosition, found ? Math.max(from, to) : from, window);
        } catch (IOException | RuntimeException | InternalError e) {
            failure = e;
        } finally {
            mapping.release();
        }
        refilled = new Refill(found ? Math.max(from, to) : from, found, touched, failure);
        owner.execute(this::absorb);
    }

    private long touch(long endPosition, long end, int window) {
        long touchEnd = Math.min(Pages.floor(end), Pages.ceiling(endPosition + window / TOUCHED_PART));
        Pages.touchForWriting(mapping, endPosition, touchEnd);
        return touchEnd;
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
        touchedEnd = Math.max(touchedEnd, refill.touchedEnd);
        noteSpace(refill.found);
        if (refill.failure != null) {
            onFailure.accept(refill.failure);
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
     * The last resort of an append that outran the refills: reserves in place, which may wait for the file system.
     *
     * <p>While the disk is known to be full it does not try, but starts a refill, so that appends succeed again soon after there is
     * space.
     *
     * @return false if there is no space
     */
    boolean reserveNow(long endPosition, long neededEnd) throws IOException {
        boolean mayTry = !full || System.nanoTime() - fullUntilNs >= 0;
        boolean wouldOverwrite = refilling && FileSpace.fillsWithZeros();
        if (!mayTry || wouldOverwrite || neededEnd > limitPosition) {
            return false;
        }
        if (full) {
            // It was full a moment ago: let the disk thread find out, not the owner.
            if (!refilling && !stopped) {
                refill(endPosition, neededEnd);
            }
            return false;
        }
        windowBytes = Math.min(MAX_WINDOW_BYTES, windowBytes * 2);
        long wantedEnd = Math.min(limitPosition, Math.max(neededEnd, endPosition + windowBytes));
        boolean found = FileSpace.reserve(file, reservedEnd, wantedEnd);
        if (found) {
            reservedEnd = wantedEnd;
        }
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
