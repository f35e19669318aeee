package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a log: at once what this process has just written, or has read before and finds in memory; anything else on the disk executor.
 * Owned by the log's owner.
 *
 * <p>Batches that come from the disk have their checksum verified before anybody sees them; that touches every page, too.
 */
final class LogReads {
    /** A read spans no more segments than this. */
    private static final int MAX_SEGMENTS = 16;

    private final LogState state;
    private final LogContext context;
    private final ReaderCache readers;
    private final CopyBuffers copies;
    private final Consumer<Throwable> onFailure;

    private int underWay;
    private @Nullable CompletableFuture<Boolean> onIdle;

    LogReads(
            LogState state,
            LogContext context,
            ReaderCache readers,
            CopyBuffers copies,
            Consumer<Throwable> onFailure) {
        this.state = state;
        this.context = context;
        this.readers = readers;
        this.copies = copies;
        this.onFailure = onFailure;
    }

    /** See {@link io.penstock.storage.PartitionLog#readHot}. */
    @Nullable
    LogSlices readHot(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkRange(offset);
        if (offset >= Math.min(endOffset, state.endOffset)) {
            return LogSlices.EMPTY;
        }
        BatchCollector collector = new BatchCollector(offset, endOffset, maxBytes, atLeastOne, copies);
        boolean anyCold = !collectHot(offset, collector);
        if (anyCold && collector.isEmpty()) {
            return readWarm(offset, endOffset, maxBytes);
        }
        return collector.toSlices();
    }

    /** What is older but in memory all the same; null if that is not for sure, or if the first batch is larger than {@code maxBytes}. */
    private @Nullable LogSlices readWarm(long offset, long endOffset, int maxBytes) {
        BatchCollector collector = new BatchCollector(offset, endOffset, maxBytes, false, copies);
        int at = state.indexOf(offset);
        if (at < state.sealed.size()) {
            SealedSegment segment = state.sealed.get(at);
            SegmentMapping mapping = segment.mapping();
            SegmentIndex index = segment.index();
            if (mapping != null && index != null) {
                collectWarm(mapping, Stretch.from(segment.facts(), index, offset), maxBytes, collector);
            }
        } else if (state.active != null && !state.active.isEmpty()) {
            ActiveSegment active = state.active;
            collectWarm(active.mapping(), active.stretchFrom(offset, state.endOffset), maxBytes, collector);
        }
        return collector.isEmpty() ? null : collector.toSlices();
    }

    private static void collectWarm(SegmentMapping mapping, Stretch stretch, int maxBytes, BatchCollector collector) {
        if (WarmStretch.isWarm(mapping, stretch, maxBytes)) {
            collector.collect(mapping, stretch, false);
        }
    }

    private void checkRange(long offset) {
        if (offset < state.startOffset || offset > state.endOffset) {
            throw new OffsetOutOfRangeException("expected an offset in [" + state.startOffset + ", " + state.endOffset
                    + "] of log " + state.id + ", found " + offset);
        }
    }

    /** False if the read met a segment that is not in memory for sure. */
    private boolean collectHot(long offset, BatchCollector collector) {
        for (int i = state.indexOf(offset); i < state.sealed.size(); i++) {
            SealedSegment segment = state.sealed.get(i);
            SegmentMapping mapping = segment.mapping();
            SegmentIndex index = segment.index();
            if (mapping == null || index == null) {
                return false;
            }
            Stretch stretch = Stretch.from(segment.facts(), index, offset);
            if (stretch.position() < hotFrom(i, segment.firstHotPosition(), stretch.endPosition())) {
                return false;
            }
            if (!collector.collect(mapping, stretch, false)) {
                return true;
            }
        }
        ActiveSegment active = state.active;
        if (active == null || active.isEmpty()) {
            return true;
        }
        Stretch stretch = active.stretchFrom(offset, state.endOffset);
        if (stretch.position() < hotFrom(state.sealed.size(), active.firstHotPosition(), stretch.endPosition())) {
            return false;
        }
        collector.collect(active.mapping(), stretch, false);
        return true;
    }

    /** Position in a segment from which on it is part of the log's hot tail. */
    private long hotFrom(int segment, long firstHotPosition, long endPosition) {
        long tailBytes = LogFiling.HOT_TAIL_BYTES;
        if (segment < state.sealed.size() && state.active != null) {
            tailBytes -= state.active.endPosition();
        }
        for (int later = segment + 1; later < state.sealed.size() && tailBytes > 0; later++) {
            tailBytes -= state.sealed.get(later).facts().endPosition();
        }
        return tailBytes <= 0 ? Long.MAX_VALUE : Math.max(firstHotPosition, endPosition - tailBytes);
    }

    /** See {@link io.penstock.storage.PartitionLog#readCold}. */
    CompletionStage<LogSlices> readCold(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkRange(offset);
        if (offset >= Math.min(endOffset, state.endOffset)) {
            return CompletableFuture.completedFuture(LogSlices.EMPTY);
        }
        List<SegmentSource> sources = sourcesFrom(offset, maxBytes);
        CompletableFuture<LogSlices> result = new CompletableFuture<>();
        onDisk(
                sources,
                () -> collectCold(sources, offset, endOffset, maxBytes, atLeastOne),
                LogSlices::release,
                result,
                () -> readCold(offset, endOffset, maxBytes, atLeastOne));
        return result;
    }

    /**
     * Runs {@code work} on the disk and comes back, or does {@code again} if a segment was cut or deleted meanwhile.
     *
     * @param discard takes a result that is not wanted any more
     */
    <T extends @Nullable Object> void onDisk(
            List<SegmentSource> sources,
            Callable<T> work,
            Consumer<T> discard,
            CompletableFuture<T> result,
            Supplier<CompletionStage<T>> again) {
        underWay++;
        try {
            context.disk().execute(() -> callOnDisk(sources, work, discard, result, again));
        } catch (RejectedExecutionException busy) {
            onEnded(sources);
            result.completeExceptionally(busy);
        }
    }

    private <T extends @Nullable Object> void callOnDisk(
            List<SegmentSource> sources,
            Callable<T> work,
            Consumer<T> discard,
            CompletableFuture<T> result,
            Supplier<CompletionStage<T>> again) {
        try {
            T value = work.call();
            context.owner().execute(() -> {
                if (onEnded(sources)) {
                    result.complete(value);
                } else {
                    discard.accept(value);
                    repeat(result, again);
                }
            });
        } catch (Exception | InternalError e) {
            context.owner().execute(() -> {
                if (onEnded(sources)) {
                    onFailure.accept(e);
                    result.completeExceptionally(offline(e));
                } else {
                    repeat(result, again);
                }
            });
        }
    }

    /** Gives the references back; false if a segment is not as it was. */
    private boolean onEnded(List<SegmentSource> sources) {
        boolean current = true;
        for (SegmentSource source : sources) {
            source.release();
            if (!isCurrent(source)) {
                // It may have been opened after it was forgotten.
                readers.forget(state.files.segment(source.number()));
                current = false;
            }
        }
        underWay--;
        if (underWay == 0 && onIdle != null) {
            onIdle.complete(true);
        }
        return current;
    }

    private static <T extends @Nullable Object> void repeat(
            CompletableFuture<T> result, Supplier<CompletionStage<T>> again) {
        try {
            again.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Completes when no read is on the disk. */
    CompletionStage<Boolean> whenIdle() {
        if (underWay == 0) {
            return CompletableFuture.completedFuture(true);
        }
        if (onIdle == null) {
            onIdle = new CompletableFuture<>();
        }
        return onIdle;
    }

    private LogOfflineException offline(Throwable failure) {
        return failure instanceof LogOfflineException known
                ? new LogOfflineException("log " + state.id + ": " + known.getMessage(), known)
                : new LogOfflineException("cannot read log " + state.id, failure);
    }

    private boolean isCurrent(SegmentSource source) {
        boolean isActive = state.active != null && state.active.number() == source.number();
        return isActive
                || state.sealed.stream()
                        .anyMatch(segment -> segment.facts().number() == source.number()
                                && segment.facts().endOffset() >= source.endOffset());
    }

    private LogSlices collectCold(
            List<SegmentSource> sources, long offset, long endOffset, int maxBytes, boolean atLeastOne)
            throws IOException {
        BatchCollector collector = new BatchCollector(offset, endOffset, maxBytes, atLeastOne, copies);
        boolean collected = false;
        try {
            boolean more = true;
            for (int i = 0; i < sources.size() && more; i++) {
                more = sources.get(i).collect(state.files, readers, context.disk(), offset, maxBytes, collector);
            }
            collected = true;
            return collector.toSlices();
        } finally {
            if (!collected) {
                collector.release();
            }
        }
    }

    /** The segments that a read from {@code offset} may need. */
    private List<SegmentSource> sourcesFrom(long offset, int maxBytes) {
        List<SegmentSource> sources = new ArrayList<>();
        long bytes = 0;
        int first = state.indexOf(offset);
        for (int i = first; i < state.sealed.size() && bytes < maxBytes && sources.size() < MAX_SEGMENTS; i++) {
            SealedSegment segment = state.sealed.get(i);
            sources.add(SegmentSource.of(segment));
            bytes += i == first ? 0 : segment.facts().sizeBytes();
        }
        ActiveSegment active = state.active;
        boolean reachesActive = first + sources.size() == state.sealed.size();
        if (reachesActive && active != null && !active.isEmpty()) {
            sources.add(SegmentSource.of(active, state.endOffset, offset));
        }
        return sources;
    }

    /** All segments with offsets in [start offset, {@code endOffset}). */
    List<SegmentSource> sourcesBelow(long endOffset) {
        List<SegmentSource> sources = new ArrayList<>();
        for (int i = state.indexOf(state.startOffset); i < state.sealed.size(); i++) {
            if (state.sealed.get(i).facts().baseOffset() < endOffset) {
                sources.add(SegmentSource.of(state.sealed.get(i)));
            }
        }
        ActiveSegment active = state.active;
        if (active != null && !active.isEmpty() && state.activeBaseOffset < endOffset) {
            sources.add(SegmentSource.of(active, state.endOffset));
        }
        return sources;
    }
}
