package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionPolicy;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.compact.CompactionRun;
import io.penstock.storage.compact.LastOffsets;
import io.penstock.storage.compact.SegmentView;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Compaction of an open log: one run at a time. Its worker reads and writes segments, {@link SegmentRewrite} tells in which order; the
 * owner swaps them, one group after the other, oldest first.
 *
 * <p>Owned by the log's owner. Nothing waits for a run but the log's end. What else changes the log meanwhile has precedence: a group whose
 * segments are not there any more as they were is given up, and the run with it.
 */
final class LogCompaction {
    private final LogState state;
    private final LogChanges changes;
    private final LogFiling filing;
    private final DiskLane lane;
    private final LogContext context;
    private final ReaderCache readers;
    private final SegmentGraveyard graveyard;
    private final SegmentEvents events;

    private @Nullable CompactionRun running;
    /** Segments that the worker reads now. */
    private List<CompactedSource> reading = List.of();

    private @Nullable CompletableFuture<CompactionReport> result;
    private boolean stopped;

    LogCompaction(
            LogState state,
            LogChanges changes,
            LogFiling filing,
            DiskLane lane,
            LogContext context,
            ReaderCache readers,
            SegmentGraveyard graveyard,
            SegmentEvents events) {
        this.state = state;
        this.changes = changes;
        this.filing = filing;
        this.lane = lane;
        this.context = context;
        this.readers = readers;
        this.graveyard = graveyard;
        this.events = events;
    }

    /** See {@link io.penstock.storage.PartitionLog#cleanable}. */
    Cleanable cleanable(long nowMs, long stableEndOffset) {
        if (!state.config.compaction().enabled()) {
            return Cleanable.NOTHING;
        }
        CompactionPolicy policy = new CompactionPolicy(state.config.compaction(), nowMs, stableEndOffset);
        return policy.cleanable(views(state.sealed), firstDirtyOffset());
    }

    private long firstDirtyOffset() {
        return Math.max(state.startOffset, Math.min(state.firstDirtyOffset, state.endOffset));
    }

    private static List<SegmentView> views(List<SealedSegment> segments) {
        return segments.stream().map(segment -> segment.facts().toView()).toList();
    }

    /** See {@link io.penstock.storage.PartitionLog#compact}. */
    CompletionStage<CompactionReport> compact(long nowMs, long stableEndOffset, CompactionBudget budget) {
        Cleanable cleanable = cleanable(nowMs, stableEndOffset);
        if (running != null || stopped || cleanable.dirtyBytes() == 0) {
            Outcome outcome = cleanable.dirtyBytes() == 0 ? Outcome.NOTHING : Outcome.STOPPED;
            return CompletableFuture.completedFuture(CompactionReport.of(outcome, firstDirtyOffset()));
        }
        LastOffsets lastOfProducers = state.producers.lastOffsets();
        List<CompactedSource> sources = new ArrayList<>();
        for (SealedSegment segment : state.sealed.subList(0, cleanable.segmentCount())) {
            sources.add(new CompactedSource(state.files, segment, context.disk()));
        }
        List<AbortedTransaction> aborted =
                state.abortedTransactions(sources.get(0).facts().baseOffset(), cleanable.endOffset());
        CompletableFuture<CompactionReport> done = new CompletableFuture<>();
        result = done;
        DiskLane worker = new DiskLane(new LogContext(context.owner(), budget.worker()));
        // Taking the memory for the table is work, too.
        CompactionConfig config = state.config.compaction();
        worker.run(() -> new CompactionRun(config, budget, cleanable, aborted, lastOfProducers.sort(), nowMs))
                .thenCompose(run -> begin(run, worker, sources, cleanable))
                .whenComplete((report, failure) -> end(done, report, failure));
        return done;
    }

    private CompletionStage<CompactionReport> begin(
            CompactionRun run, DiskLane worker, List<CompactedSource> sources, Cleanable cleanable) {
        running = run;
        if (stopped) {
            run.stop();
        }
        List<CompactedSource> dirty = sources.stream()
                .filter(source -> source.facts().endOffset() > cleanable.firstDirtyOffset())
                .toList();
        reading = dirty;
        return worker.run(() -> run.collectKeys(dirty))
                .thenCompose(coveredEnd -> rewriteAll(run, worker, sources, coveredEnd, cleanable));
    }

    private CompletionStage<CompactionReport> rewriteAll(
            CompactionRun run, DiskLane worker, List<CompactedSource> sources, long coveredEnd, Cleanable cleanable) {
        List<CompactedSource> covered = sources.stream()
                .filter(source -> source.facts().baseOffset() < coveredEnd)
                .toList();
        ArrayDeque<List<CompactedSource>> groups = new ArrayDeque<>();
        int from = 0;
        List<SegmentView> views =
                covered.stream().map(source -> source.facts().toView()).toList();
        for (int count : CompactionPolicy.group(views, state.config.segmentBytes())) {
            groups.add(covered.subList(from, from + count));
            from += count;
        }
        Outcome outcome = coveredEnd < cleanable.endOffset() ? Outcome.PARTLY : Outcome.DONE;
        return rewriteNext(run, worker, groups, coveredEnd)
                .thenApply(swapped -> run.report(swapped ? outcome : Outcome.STOPPED, firstDirtyOffset()));
    }

    /** Rewrites and swaps group after group; false if one could not be swapped. */
    private CompletionStage<Boolean> rewriteNext(
            CompactionRun run, DiskLane worker, ArrayDeque<List<CompactedSource>> groups, long coveredEnd) {
        List<CompactedSource> group = groups.poll();
        if (group == null) {
            return CompletableFuture.completedFuture(true);
        }
        reading = group;
        int number = ++state.lastNumber;
        SegmentRewrite rewrite = new SegmentRewrite(state.files, context, state.config, group, number, events);
        return worker.run(() -> rewrite.write(run))
                .thenCompose(written -> swap(group, written, groups.isEmpty() ? coveredEnd : -1))
                .thenCompose(swapped -> swapped
                        ? rewriteNext(run, worker, groups, coveredEnd)
                        : CompletableFuture.completedFuture(false));
    }

    /**
     * Puts a segment in the place of those that it was made of, unless the log changed meanwhile, or its policy compacts no more: who has
     * turned compaction off keeps what is there at that moment.
     *
     * @param firstDirtyOffset where the next run begins if this was the last group, else -1
     */
    private CompletionStage<Boolean> swap(List<CompactedSource> group, SealedSegment written, long firstDirtyOffset) {
        int at = indexOf(group);
        if (at < 0
                || changes.isChanging()
                || stopped
                || !state.config.compaction().enabled()) {
            return lane.run(() -> {
                FileTrees.deleteQuietly(state.files.segment(written.facts().number()));
                return false;
            });
        }
        List<SealedSegment> replaced = state.sealed.subList(at, at + group.size());
        List<Integer> numbers = new ArrayList<>();
        for (SealedSegment old : replaced) {
            old.coolDown();
            numbers.add(old.facts().number());
            readers.forget(state.files.segment(old.facts().number()));
        }
        replaced.clear();
        state.sealed.add(at, written);
        if (firstDirtyOffset >= 0) {
            state.firstDirtyOffset = firstDirtyOffset;
        }
        state.changed = true;
        return save(numbers);
    }

    /** Saves the manifest, and only then gives the old files away: until it is saved, they are the log. */
    private CompletionStage<Boolean> save(List<Integer> numbers) {
        CompletableFuture<Boolean> buried = new CompletableFuture<>();
        long delayMs = state.config.fileDeleteDelayMs();
        filing.saveManifestThen(() -> lane.run(() -> bury(numbers, delayMs)).whenComplete((done, failure) -> {
            if (failure == null) {
                buried.complete(true);
            } else {
                events.onFailure(failure);
                buried.completeExceptionally(failure);
            }
        }));
        return buried;
    }

    private boolean bury(List<Integer> numbers, long delayMs) throws IOException {
        for (int number : numbers) {
            graveyard.bury(number, delayMs);
        }
        return true;
    }

    /** Where the group begins in the log, or -1 if it is not there as it was. */
    private int indexOf(List<CompactedSource> group) {
        List<SegmentFacts> wanted = group.stream().map(CompactedSource::facts).toList();
        List<SegmentFacts> present =
                state.sealed.stream().map(SealedSegment::facts).toList();
        return Collections.indexOfSubList(present, wanted);
    }

    private void end(
            CompletableFuture<CompactionReport> done, @Nullable CompactionReport report, @Nullable Throwable failure) {
        if (running != null) {
            running.close();
            running = null;
        }
        result = null;
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (report != null) {
            done.complete(report);
        } else if (cause instanceof CancellationException || changesExplain(cause)) {
            done.complete(CompactionReport.of(Outcome.STOPPED, firstDirtyOffset()));
        } else {
            done.completeExceptionally(cause == null ? new IllegalStateException("no outcome") : cause);
        }
    }

    /** Files of segments that were deleted meanwhile cannot be read. One that is missing though its segment is there is a loss. */
    private boolean changesExplain(@Nullable Throwable cause) {
        return cause instanceof NoSuchFileException && (stopped || indexOf(reading) < 0);
    }

    /** Ends a run at its next batch, and lets no other begin. The stage completes when it has let go of all files. */
    CompletionStage<Boolean> stop() {
        stopped = true;
        if (running != null) {
            running.stop();
        }
        CompletableFuture<CompactionReport> waiting = result;
        return waiting == null ? CompletableFuture.completedFuture(true) : waiting.handle((report, failure) -> true);
    }
}
