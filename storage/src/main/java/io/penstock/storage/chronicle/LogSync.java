package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.file.DurableFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings appended batches to the disk: when asked, in groups, and steadily as the log grows. Owned by the log's owner; the waiting is
 * done on the disk executor.
 *
 * <p>What is synced: the batches of every segment that is not known to be synced yet, oldest first, and the directories that name
 * them. Recovery needs no more than that, see {@link CrashRecovery}. A failed sync is never tried again: the kernel may have
 * forgotten what it could not write, so the log goes offline.
 */
final class LogSync {
    /** How much of a log is written back at a time: it and its hot tail are what stays dirty. */
    static final long WRITE_BACK_BYTES = 16 << 20;
    /** A sync of more than this brings the finished pages to the disk before those that are still written. */
    private static final long MUCH_BYTES = 1 << 20;
    /** What part of the time until the next write-back may be used for pauses. */
    private static final int PAUSED_PART = 4;

    private final LogState state;
    private final LogContext context;
    private final DiskLane lane;
    private final Path root;
    private final Consumer<Throwable> onFailure;

    private @Nullable CompletableFuture<Long> running;
    private @Nullable CompletableFuture<Long> next;
    private boolean parentsSynced;
    private int directoriesSyncedUpTo;

    private int writtenBackNumber;
    private long writtenBackTo;
    private boolean writingBack;
    private long lastWriteBackNs = System.nanoTime();

    /** @param root directory of the store, which exists durably */
    LogSync(LogState state, LogContext context, Path root, Consumer<Throwable> onFailure) {
        this.state = state;
        this.context = context;
        this.lane = new DiskLane(context);
        this.root = root;
        this.onFailure = onFailure;
    }

    /** See {@link io.penstock.storage.PartitionLog#sync}. */
    CompletionStage<Long> sync() {
        if (running == null) {
            CompletableFuture<Long> result = new CompletableFuture<>();
            running = result;
            startInto(result);
            return result;
        }
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    /** Completes when no sync is under way and none waits. */
    CompletionStage<Boolean> whenIdle() {
        CompletionStage<Long> last = next != null ? next : running;
        return last == null ? CompletableFuture.completedFuture(true) : last.handle((synced, failure) -> true);
    }

    private void startInto(CompletableFuture<Long> result) {
        state.syncingOffset = state.endOffset;
        int activeNumber = state.activeNumber();
        List<Range> ranges = unsyncedRanges();
        List<Path> directories = directoriesToSync();
        lane.run(() -> {
                    syncOnDisk(ranges, directories);
                    return true;
                })
                .whenComplete((synced, failure) -> {
                    ranges.forEach(range -> range.mapping.release());
                    if (failure == null) {
                        parentsSynced = true;
                        directoriesSyncedUpTo = Math.max(directoriesSyncedUpTo, activeNumber);
                        state.syncedOffset = Math.max(state.syncedOffset, state.syncingOffset);
                        startNext();
                        result.complete(state.syncedOffset);
                    } else {
                        onFailure.accept(failure);
                        failAll(result, offline(failure));
                    }
                });
    }

    private void startNext() {
        running = next;
        next = null;
        if (running != null) {
            startInto(running);
        }
    }

    private LogOfflineException offline(Throwable failure) {
        return failure instanceof LogOfflineException known
                ? known
                : new LogOfflineException("cannot sync log " + state.id, failure);
    }

    private void failAll(CompletableFuture<Long> result, Throwable failure) {
        result.completeExceptionally(failure);
        if (next != null) {
            next.completeExceptionally(failure);
        }
    }

    /** A piece of a file to be synced; holds a reference to the mapping. */
    private record Range(
            SegmentMapping mapping, long from, long to, int number, boolean isActive, long writtenBackTo) {}

    private List<Range> unsyncedRanges() {
        List<Range> ranges = new ArrayList<>();
        for (SealedSegment segment : state.sealed) {
            SegmentMapping mapping = segment.mapping();
            if (!segment.facts().synced() && mapping != null) {
                mapping.retain();
                ranges.add(new Range(
                        mapping,
                        0,
                        segment.facts().endPosition(),
                        segment.facts().number(),
                        false,
                        0));
            }
        }
        ActiveSegment active = state.active;
        if (active != null && !active.isEmpty()) {
            active.mapping().retain();
            long writtenBack = active.number() == writtenBackNumber ? writtenBackTo : 0;
            ranges.add(new Range(active.mapping(), 0, active.endPosition(), active.number(), true, writtenBack));
        }
        return ranges;
    }

    private List<Path> directoriesToSync() {
        List<Path> directories = new ArrayList<>();
        for (SealedSegment segment : state.sealed) {
            int number = segment.facts().number();
            if (!segment.facts().synced() && number > directoriesSyncedUpTo) {
                directories.add(state.files.segment(number));
            }
        }
        if (state.active != null && state.active.number() > directoriesSyncedUpTo) {
            directories.add(state.files.segment(state.active.number()));
        }
        if (!directories.isEmpty()) {
            directories.add(state.files.directory());
        }
        if (!parentsSynced) {
            Path above = state.files.directory().getParent();
            while (above != null && above.startsWith(root)) {
                directories.add(above);
                above = above.getParent();
            }
        }
        return directories;
    }

    private void syncOnDisk(List<Range> ranges, List<Path> directories) throws IOException {
        for (Range range : ranges) {
            Path file = state.files.batches(range.number);
            if (range.isActive) {
                syncActive(range, file);
            } else {
                Pages.sync(range.mapping, range.from, range.to, file);
            }
        }
        for (Path directory : directories) {
            try {
                DurableFiles.syncDirectory(directory);
            } catch (NoSuchFileException deleted) {
                // By retention or truncation meanwhile: nothing is left to be synced.
            }
        }
    }

    /**
     * Syncs what nobody writes any more first, if that is much. The kernel locks pages while it hands them to the disk, thousands at a
     * time, and an append to the last one or to the first, where Chronicle's header is, would wait for all of them.
     */
    private static void syncActive(Range range, Path file) throws IOException {
        long finished = Pages.floor(range.to);
        if (finished - range.writtenBackTo >= MUCH_BYTES) {
            Pages.sync(range.mapping, Pages.PAGE_BYTES, finished, file);
        }
        Pages.sync(range.mapping, range.from, range.to, file);
        // Synced pages are write-protected: take the fault for the next append here.
        Pages.populate(range.mapping, finished, finished + Pages.PAGE_BYTES);
        Pages.populate(range.mapping, 0, Pages.PAGE_BYTES);
    }

    /** To be called after each append: starts to write back what lies before the hot tail, when that is enough. */
    void onAppended() {
        ActiveSegment active = state.active;
        if (active == null || writingBack) {
            return;
        }
        if (active.number() != writtenBackNumber) {
            writtenBackNumber = active.number();
            writtenBackTo = Pages.PAGE_BYTES; // the first page has Chronicle's header, which changes with each append
        }
        // Not the tail: event loops read it in place, and a page that has been written back is not in the page table
        // any more.
        long end = Pages.floor(active.endPosition() - LogFiling.HOT_TAIL_BYTES);
        if (end - writtenBackTo >= WRITE_BACK_BYTES) {
            writeBack(active.mapping(), active.number(), end);
        }
    }

    private void writeBack(SegmentMapping mapping, int number, long end) {
        long from = writtenBackTo;
        long nowNs = System.nanoTime();
        long spareNs = (nowNs - lastWriteBackNs) / PAUSED_PART;
        lastWriteBackNs = nowNs;
        mapping.retain();
        writingBack = true;
        try {
            context.disk().execute(() -> writeBackOnDisk(mapping, number, from, end, spareNs));
            writtenBackTo = end;
        } catch (RejectedExecutionException full) {
            // The next append tries again.
            writingBack = false;
            mapping.release();
        }
    }

    private void writeBackOnDisk(SegmentMapping mapping, int number, long from, long end, long spareNs) {
        Throwable failure = null;
        try {
            WriteBack.run(mapping, from, end, state.files.batches(number), spareNs);
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            mapping.release();
        }
        Throwable found = failure;
        context.owner().execute(() -> {
            writingBack = false;
            if (found != null) {
                onFailure.accept(found);
            }
        });
    }
}
