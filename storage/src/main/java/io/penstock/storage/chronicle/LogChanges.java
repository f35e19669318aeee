package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a log other than appends: cuts from the end and from the start, and retention. Owned by the log's owner.
 *
 * <p>Order of a change: read what is needed on the disk, change the state on the owner, save the manifest, and only then touch the
 * files that nothing names any more. One change at a time; retention gives way.
 */
final class LogChanges {
    private final LogState state;
    private final LogSegments segments;
    private final LogFiling filing;
    private final DiskLane lane;
    private final SegmentOpener opener;
    private final ReaderCache readers;
    private final SegmentGraveyard graveyard;
    private boolean changing;

    LogChanges(
            LogState state,
            LogSegments segments,
            LogFiling filing,
            DiskLane lane,
            SegmentOpener opener,
            ReaderCache readers,
            SegmentGraveyard graveyard) {
        this.state = state;
        this.segments = segments;
        this.filing = filing;
        this.lane = lane;
        this.opener = opener;
        this.readers = readers;
        this.graveyard = graveyard;
    }

    /** What is left of a segment that a truncation cuts, and of the producers. */
    private record Cut(
            @Nullable ActiveSegment next,
            ProducerStateTable producers,
            @Nullable SegmentIndex index,
            long endOffset,
            long endPosition) {}

    /** See {@link io.penstock.storage.PartitionLog#truncateTo}. */
    CompletionStage<@Nullable Void> truncateTo(long offset) {
        if (offset >= state.endOffset) {
            return CompletableFuture.completedFuture(null);
        }
        if (offset < state.startOffset) {
            return truncateFullyAndStartAt(offset);
        }
        changing = true;
        // Files of earlier segments may still be being finished: not while they are cut.
        return filing.whenIdle().thenCompose(idle -> cutAt(offset)).whenComplete((done, failure) -> changing = false);
    }

    private CompletionStage<@Nullable Void> cutAt(long offset) {
        int cutIndex = state.indexOf(offset);
        List<SegmentSource> sources = sourcesUpTo(cutIndex);
        int nextNumber = ++state.lastNumber;
        LogConfig config = state.config;
        return lane.run(() -> cut(sources, offset, nextNumber, config))
                .whenComplete((cut, failure) -> sources.forEach(SegmentSource::release))
                .thenCompose(cut -> apply(cut, cutIndex));
    }

    /** The segment that is cut and all before it, in case the producers have to be read from further back. */
    private List<SegmentSource> sourcesUpTo(int cutIndex) {
        List<SegmentSource> sources = new ArrayList<>();
        for (int i = 0; i <= cutIndex && i < state.sealed.size(); i++) {
            sources.add(SegmentSource.of(state.sealed.get(i)));
        }
        if (cutIndex == state.sealed.size() && state.active != null) {
            sources.add(SegmentSource.of(state.active, state.endOffset, state.activeBaseOffset));
        }
        return sources;
    }

    private Cut cut(List<SegmentSource> sources, long offset, int nextNumber, LogConfig config) throws IOException {
        SegmentSource last = sources.get(sources.size() - 1);
        ProducerStateTable producers =
                ProducerReplay.before(sources, sources.size() - 1, state.files, readers, lane.disk());
        SegmentIndexBuilder index = new SegmentIndexBuilder(config.indexIntervalBytes());
        SegmentMapping mapping = last.mappingOrOpen(state.files, readers, lane.disk());
        SegmentScan scan = new SegmentScan(
                mapping, last.baseOffset(), last.isCompacted(), index, producers, new LeaderEpochTable());
        try {
            scan.run(last.endPosition(), offset);
        } finally {
            mapping.release();
        }
        boolean empty = index.batchCount() == 0;
        SegmentIndex sealedIndex = empty ? null : index.seal();
        if (sealedIndex != null && last.facts() != null && last.facts().synced()) {
            state.files.index(last.number()).write(sealedIndex.toBytes());
            CompactedSegments.onCut(state.files, last.facts(), sealedIndex, scan.endPosition());
        }
        return new Cut(createNext(nextNumber, config), producers, sealedIndex, scan.endOffset(), scan.endPosition());
    }

    private @Nullable ActiveSegment createNext(int number, LogConfig config) throws IOException {
        try {
            return opener.create(number, config, WriteAhead.Window.IDLE, 0);
        } catch (LogFullException e) {
            // Appends are refused until there is space; the cut is made all the same.
            return null;
        }
    }

    private CompletionStage<@Nullable Void> apply(Cut cut, int cutIndex) {
        List<Integer> dropped = new ArrayList<>();
        while (state.sealed.size() > cutIndex + 1) {
            dropLast(dropped);
        }
        ActiveSegment active = state.active;
        SegmentIndex index = cut.index();
        if (cutIndex == state.sealed.size()) {
            state.active = null;
            if (active != null && index != null) {
                segments.retire(active, index, cut.endPosition());
            } else if (active != null) {
                filing.discard(active);
            }
        } else {
            state.active = null;
            if (active != null) {
                filing.discard(active);
            }
            SealedSegment whole = state.sealed.get(cutIndex);
            if (index == null) {
                dropLast(dropped);
            } else {
                SealedSegment rest = whole.cut(index, cut.endPosition());
                state.sealed.set(cutIndex, rest);
                if (!rest.facts().synced()) {
                    filing.finish(rest, index);
                }
                readers.forget(state.files.segment(whole.facts().number()));
            }
        }
        state.producers = cut.producers();
        state.endOffset = cut.endOffset();
        state.startOffset = Math.min(state.startOffset, state.endOffset);
        state.syncedOffset = Math.min(state.syncedOffset, state.endOffset);
        state.syncingOffset = Math.min(state.syncingOffset, state.endOffset);
        state.firstDirtyOffset = Math.min(state.firstDirtyOffset, state.endOffset);
        state.epochs.truncateFromEnd(state.endOffset);
        return goOnIn(cut.next(), dropped);
    }

    private void dropLast(List<Integer> dropped) {
        SealedSegment segment = state.sealed.remove(state.sealed.size() - 1);
        dropped.add(segment.facts().number());
        forget(segment);
    }

    private void forget(SealedSegment segment) {
        segment.coolDown();
        readers.forget(state.files.segment(segment.facts().number()));
    }

    /** Makes {@code next} the active segment, saves the manifest, and deletes what it does not name any more. */
    private CompletionStage<@Nullable Void> goOnIn(@Nullable ActiveSegment next, List<Integer> dropped) {
        segments.restartWith(next);
        return filing.saveManifest()
                .thenCompose(saved -> lane.<@Nullable Void>run(() -> {
                    for (int number : dropped) {
                        FileTrees.deleteQuietly(state.files.segment(number));
                    }
                    return null;
                }));
    }

    /** See {@link io.penstock.storage.PartitionLog#truncateFullyAndStartAt}. */
    CompletionStage<@Nullable Void> truncateFullyAndStartAt(long offset) {
        changing = true;
        int nextNumber = ++state.lastNumber;
        LogConfig config = state.config;
        return lane.run(() -> new Cut(createNext(nextNumber, config), new ProducerStateTable(offset), null, offset, 0))
                .thenCompose(this::applyFully)
                .whenComplete((done, failure) -> changing = false);
    }

    private CompletionStage<@Nullable Void> applyFully(Cut cut) {
        List<Integer> dropped = new ArrayList<>();
        while (!state.sealed.isEmpty()) {
            dropLast(dropped);
        }
        if (state.active != null) {
            filing.discard(state.active);
            state.active = null;
        }
        state.producers = cut.producers();
        state.epochs.clear();
        state.startOffset = cut.endOffset();
        state.endOffset = cut.endOffset();
        state.syncedOffset = cut.endOffset();
        state.syncingOffset = cut.endOffset();
        state.firstDirtyOffset = cut.endOffset();
        return goOnIn(cut.next(), dropped);
    }

    /** See {@link io.penstock.storage.PartitionLog#advanceStartTo}. */
    CompletionStage<Long> advanceStartTo(long offset) {
        if (offset > state.endOffset) {
            throw new OffsetOutOfRangeException(
                    "expected a start offset up to " + state.endOffset + " for log " + state.id + ", found " + offset);
        }
        if (offset <= state.startOffset) {
            return CompletableFuture.completedFuture(state.startOffset);
        }
        state.startOffset = offset;
        int below = 0;
        while (below < state.sealed.size() && state.sealed.get(below).facts().endOffset() <= offset) {
            below++;
        }
        return dropOldest(changing ? 0 : below).thenApply(dropped -> state.startOffset);
    }

    /** See {@link io.penstock.storage.PartitionLog#enforceRetention}. */
    CompletionStage<Integer> enforceRetention(long nowMs, long deletableEndOffset) {
        state.producers.expire(nowMs, state.config.producerIdExpirationMs());
        if (changing) {
            return CompletableFuture.completedFuture(0);
        }
        RetentionPolicy policy = new RetentionPolicy(state.config, nowMs, state.startOffset, deletableEndOffset);
        if (!mustRoll(policy, deletableEndOffset)) {
            return deleteExpired(policy);
        }
        return segments.rollWhenPrepared().thenCompose(rolled -> deleteExpired(policy));
    }

    /** See {@link io.penstock.storage.PartitionLog#rollIfOld}. */
    CompletionStage<Boolean> rollIfOld(long nowMs) {
        RetentionPolicy policy = new RetentionPolicy(state.config, nowMs, state.startOffset, state.startOffset);
        boolean due = !changing && isOldEnoughToRoll(policy);
        return due ? segments.rollWhenPrepared() : CompletableFuture.completedFuture(false);
    }

    /** Whether the end of the log is being cut: nothing else may move segments meanwhile. */
    boolean isChanging() {
        return changing;
    }

    private boolean mustRoll(RetentionPolicy policy, long deletableEndOffset) {
        ActiveSegment active = state.active;
        if (active == null || active.isEmpty()) {
            return false;
        }
        boolean expired = state.endOffset <= deletableEndOffset
                && policy.isExpired(active.index().maxTimestampMs(), active.lastAppendMs());
        return expired || isOldEnoughToRoll(policy);
    }

    private boolean isOldEnoughToRoll(RetentionPolicy policy) {
        ActiveSegment active = state.active;
        return active != null
                && !active.isEmpty()
                && policy.isOldEnoughToRoll(
                        active.index().firstTimestampMs(), active.firstAppendMs(), jitterMs(active.number()));
    }

    /** The same for a segment each time, and different between segments that were begun together. */
    private long jitterMs(int number) {
        long bound = Math.min(state.config.segmentJitterMs(), state.config.rollMs());
        long spread = (31L * state.id.hashCode() + number) * 0x9E3779B97F4A7C15L;
        return bound == 0 ? 0 : (spread >>> 1) % bound;
    }

    private CompletionStage<Integer> deleteExpired(RetentionPolicy policy) {
        if (changing) {
            return CompletableFuture.completedFuture(0);
        }
        List<SegmentFacts> facts =
                state.sealed.stream().map(SealedSegment::facts).toList();
        int count = policy.countToDelete(facts, state.sizeBytes());
        if (count == 0) {
            return CompletableFuture.completedFuture(0);
        }
        state.startOffset = Math.max(state.startOffset, facts.get(count - 1).endOffset());
        return dropOldest(count);
    }

    /** Forgets the oldest segments, saves the manifest, and gives their files to the graveyard. */
    private CompletionStage<Integer> dropOldest(int count) {
        List<Integer> dropped = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SealedSegment segment = state.sealed.remove(0);
            dropped.add(segment.facts().number());
            forget(segment);
        }
        state.epochs.truncateFromStart(state.startOffset);
        state.changed = true;
        long delayMs = state.config.fileDeleteDelayMs();
        return filing.saveManifest()
                .handle((saved, failure) -> failure)
                .thenCompose(failure -> failure == null ? bury(dropped, delayMs) : buryUnrecorded(dropped, failure));
    }

    private CompletionStage<Integer> bury(List<Integer> dropped, long delayMs) {
        return lane.run(() -> {
            for (int number : dropped) {
                graveyard.bury(number, delayMs);
            }
            return dropped.size();
        });
    }

    /** On a full disk the files go first, which makes room for the manifest. Recovery takes a missing head for deleted. */
    private CompletionStage<Integer> buryUnrecorded(List<Integer> dropped, Throwable failure) {
        if (!FileSpace.isDiskFull(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        if (dropped.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new LogFullException("no space to write down the new start of log " + state.id, failure));
        }
        return bury(dropped, 0).whenComplete((count, thrown) -> filing.writeManifest());
    }
}
