package io.penstock.storage.memory;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionPolicy;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.compact.CompactionRun;
import io.penstock.storage.compact.LastOffsets;
import io.penstock.storage.compact.SegmentView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compaction of a log in memory: the worker makes new segments of what the owner shows it of the old ones, the owner swaps them. Both are
 * in memory until then, within the bound of the store. Owned by the log's owner; one run at a time.
 */
final class MemoryCompaction {
    private final MemoryContent content;
    private final LogContext context;
    private final BooleanSupplier isEnabled;
    private boolean running;

    /** @param isEnabled whether the log's policy, as it is then, has compaction; asked on the owner */
    MemoryCompaction(MemoryContent content, LogContext context, BooleanSupplier isEnabled) {
        this.content = content;
        this.context = context;
        this.isEnabled = isEnabled;
    }

    /** A sealed segment as it is now; holds a reference to each chunk. */
    private record Source(MemorySegment segment, long endOffset, List<MemoryChunk> chunks, List<ByteBuffer> bytes)
            implements CompactionRun.Batches {
        static Source of(MemorySegment segment) {
            List<MemoryChunk> chunks = segment.chunks();
            chunks.forEach(MemoryChunk::retain);
            List<ByteBuffer> bytes = chunks.stream()
                    .map(chunk -> chunk.slice(0, chunk.endPosition()))
                    .toList();
            return new Source(segment, segment.endOffset(), chunks, bytes);
        }

        @Override
        public boolean forEach(CompactionRun.Visitor visitor) throws IOException {
            for (ByteBuffer chunk : bytes) {
                for (int at = 0; at < chunk.limit(); at += BatchHeader.sizeInBytes(chunk, at)) {
                    if (!visitor.visit(chunk.slice(at, BatchHeader.sizeInBytes(chunk, at)))) {
                        return false;
                    }
                }
            }
            return true;
        }

        void release() {
            chunks.forEach(MemoryChunk::release);
        }
    }

    /** What the worker has made of a group of segments. */
    private record Rewritten(List<Source> group, MemorySegment segment) {}

    /** What the worker has made of all. */
    private record Result(List<Rewritten> groups, long coveredEndOffset, CompactionReport report) {}

    /** See {@link io.penstock.storage.PartitionLog#cleanable}. */
    Cleanable cleanable(LogConfig config, long nowMs, long stableEndOffset) {
        if (!config.compaction().enabled()) {
            return Cleanable.NOTHING;
        }
        CompactionPolicy policy = new CompactionPolicy(config.compaction(), nowMs, stableEndOffset);
        List<SegmentView> views =
                sealed().stream().map(MemoryCompaction::viewOf).toList();
        return policy.cleanable(views, firstDirtyOffset());
    }

    private List<MemorySegment> sealed() {
        List<MemorySegment> all = new ArrayList<>(content.segments().values());
        return all.subList(0, all.size() - 1);
    }

    private static SegmentView viewOf(MemorySegment segment) {
        return new SegmentView(
                segment.baseOffset(),
                segment.endOffset(),
                segment.sizeBytes(),
                segment.index().firstTimestampMs(),
                segment.index().maxTimestampMs(),
                true);
    }

    private long firstDirtyOffset() {
        return Math.max(content.startOffset(), content.firstDirtyOffset());
    }

    /** See {@link io.penstock.storage.PartitionLog#compact}. */
    CompletionStage<CompactionReport> compact(
            LogConfig config, long nowMs, long stableEndOffset, CompactionBudget budget) {
        Cleanable cleanable = cleanable(config, nowMs, stableEndOffset);
        if (running || cleanable.dirtyBytes() == 0) {
            Outcome outcome = running ? Outcome.STOPPED : Outcome.NOTHING;
            return CompletableFuture.completedFuture(CompactionReport.of(outcome, firstDirtyOffset()));
        }
        running = true;
        LastOffsets lastOfProducers = content.producers().lastOffsets();
        List<Source> sources = sealed().subList(0, cleanable.segmentCount()).stream()
                .map(Source::of)
                .toList();
        List<AbortedTransaction> aborted = abortedBelow(cleanable.endOffset());
        CompletableFuture<CompactionReport> done = new CompletableFuture<>();
        try {
            budget.worker().execute(() -> {
                Result result = null;
                Throwable failure = null;
                try {
                    result = rewrite(config, budget, cleanable, aborted, lastOfProducers.sort(), nowMs, sources);
                } catch (RuntimeException | OutOfMemoryError e) {
                    failure = e;
                }
                Result made = result;
                Throwable thrown = failure;
                context.owner().execute(() -> end(done, sources, made, thrown));
            });
        } catch (RejectedExecutionException e) {
            running = false;
            sources.forEach(Source::release);
            done.completeExceptionally(e);
        }
        return done;
    }

    private List<AbortedTransaction> abortedBelow(long endOffset) {
        List<AbortedTransaction> found = new ArrayList<>();
        for (MemorySegment segment : content.segments().values()) {
            if (segment.index().collectAborted(0, endOffset, found)) {
                return found;
            }
        }
        return found;
    }

    private Result rewrite(
            LogConfig config,
            CompactionBudget budget,
            Cleanable cleanable,
            List<AbortedTransaction> aborted,
            LastOffsets lastOfProducers,
            long nowMs,
            List<Source> sources) {
        List<Rewritten> groups = new ArrayList<>();
        boolean finished = false;
        try (CompactionRun run =
                new CompactionRun(config.compaction(), budget, cleanable, aborted, lastOfProducers, nowMs)) {
            List<Source> dirty = sources.stream()
                    .filter(source -> source.endOffset() > cleanable.firstDirtyOffset())
                    .toList();
            long coveredEnd = run.collectKeys(dirty);
            List<Source> covered = sources.stream()
                    .filter(source -> source.segment().baseOffset() < coveredEnd)
                    .toList();
            List<SegmentView> views =
                    covered.stream().map(source -> viewOf(source.segment())).toList();
            int from = 0;
            for (int count : CompactionPolicy.group(views, config.segmentBytes())) {
                groups.add(rewriteGroup(run, covered.subList(from, from + count), config.indexIntervalBytes()));
                from += count;
            }
            Outcome outcome = coveredEnd < cleanable.endOffset() ? Outcome.PARTLY : Outcome.DONE;
            finished = true;
            return new Result(groups, coveredEnd, run.report(outcome, coveredEnd));
        } catch (IOException e) {
            throw new UncheckedIOException("memory has no disk to fail", e);
        } finally {
            if (!finished) {
                groups.forEach(group -> group.segment().release());
            }
        }
    }

    private Rewritten rewriteGroup(CompactionRun run, List<Source> group, int indexIntervalBytes) throws IOException {
        MemorySegment first = group.get(0).segment();
        MemorySegment made = content.newSegment(
                first.baseOffset(), run.producersBefore(first.producersAtStart()), indexIntervalBytes);
        boolean finished = false;
        try {
            run.rewrite(group, group.get(group.size() - 1).endOffset(), made::addCompacted);
            run.takeAborted().forEach(made::addAborted);
            finished = true;
            return new Rewritten(group, made);
        } finally {
            if (!finished) {
                made.release();
            }
        }
    }

    private void end(
            CompletableFuture<CompactionReport> done,
            List<Source> sources,
            @Nullable Result result,
            @Nullable Throwable failure) {
        running = false;
        if (result != null) {
            done.complete(swap(result));
        } else {
            done.completeExceptionally(failure != null ? failure : new IllegalStateException("no outcome"));
        }
        sources.forEach(Source::release);
    }

    /** All or nothing: what was cut or deleted meanwhile has precedence, and a policy that compacts no more. */
    private CompactionReport swap(Result result) {
        boolean unchanged = result.groups().stream()
                .flatMap(group -> group.group().stream())
                .allMatch(source -> content.isSealed(source.segment(), source.endOffset()));
        if (!unchanged || !isEnabled.getAsBoolean()) {
            result.groups().forEach(group -> group.segment().release());
            return CompactionReport.of(Outcome.STOPPED, firstDirtyOffset());
        }
        for (Rewritten group : result.groups()) {
            content.replace(group.group().stream().map(Source::segment).toList(), group.segment());
        }
        content.compactedUpTo(result.coveredEndOffset());
        return result.report();
    }
}
