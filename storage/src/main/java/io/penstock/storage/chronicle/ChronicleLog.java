package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.epoch.LeaderEpochs;
import io.penstock.storage.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link PartitionLog} on Chronicle Queue. Owned as {@link LogContext#owner} says.
 *
 * <p>This class is the door: it refuses when the log is closed or offline, and appends. The rest is in its parts: {@link LogSegments}
 * rolls, {@link LogReads} reads, {@link LogSync} syncs, {@link LogChanges} cuts, {@link LogCompaction} compacts, {@link LogClosing}
 * ends.
 */
final class ChronicleLog implements PartitionLog, SegmentEvents {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleLog.class);

    private final LogState state;
    private final LogContext context;
    private final ReaderCache readers;
    private final LogSegments segments;
    private final LogReads reads;
    private final LogSync sync;
    private final LogChanges changes;
    private final LogCompaction compaction;
    private final LogClosing closing;
    private final LogNote note;
    private @Nullable LogOfflineException refusal;
    private @Nullable CompletionStage<@Nullable Void> closed;
    private long inPlaceAppends;
    /** What those wait for who asked before an append would not wait. */
    private @Nullable CompletableFuture<@Nullable Void> room;

    ChronicleLog(LogState state, LogContext context, SegmentOpener opener, StoreParts store, SegmentEventRelay events) {
        this.state = state;
        this.context = context;
        this.readers = store.readers();
        DiskLane lane = new DiskLane(context);
        LogFiling filing = new LogFiling(state, lane, this::onFailure);
        segments = new LogSegments(state, lane, opener, filing, this);
        reads = new LogReads(state, context, readers, store.copies(), this::onFailure);
        sync = new LogSync(state, context, store.root(), this::onFailure);
        SegmentGraveyard graveyard = new SegmentGraveyard(state.files, context.disk());
        changes = new LogChanges(state, segments, filing, lane, opener, readers, graveyard);
        compaction = new LogCompaction(state, changes, filing, lane, context, readers, graveyard, this);
        closing = new LogClosing(state, segments, filing, reads, sync, compaction, lane, store);
        note = new LogNote(state.id, state.files.note(), lane);
        events.tell(this);
        filing.start();
    }

    /** How often an append that had not asked for room before did in place what may wait for the disk. */
    long inPlaceWork() {
        return inPlaceAppends + segments.inPlaceCreations();
    }

    /** Takes the log offline, once. */
    @Override
    public void onFailure(Throwable failure) {
        if (refusal == null) {
            refusal = failure instanceof LogOfflineException known
                    ? known
                    : new LogOfflineException("log " + state.id + " failed: " + failure, failure);
            LOGGER.atError()
                    .addKeyValue("log", state.id)
                    .addKeyValue("endOffset", state.endOffset)
                    .setCause(failure)
                    .log("log goes offline");
            // Whoever waits for room must learn of it, though not in the middle of what has failed.
            context.owner().execute(this::onProgress);
        }
    }

    @Override
    public void onFull() {
        segments.onFull();
    }

    @Override
    public void onProgress() {
        CompletableFuture<@Nullable Void> waiting = room;
        if (waiting != null) {
            room = null;
            waiting.complete(null);
        }
    }

    private void checkOnline() {
        if (refusal != null) {
            throw new LogOfflineException("log " + state.id + " is offline: " + refusal.getMessage(), refusal);
        }
    }

    @Override
    public long startOffset() {
        checkOnline();
        return state.startOffset;
    }

    @Override
    public long endOffset() {
        checkOnline();
        return state.endOffset;
    }

    @Override
    public long syncedOffset() {
        checkOnline();
        return state.syncedOffset;
    }

    @Override
    public long sizeBytes() {
        checkOnline();
        return state.sizeBytes();
    }

    @Override
    public ProducerStates producers() {
        checkOnline();
        return state.producers;
    }

    @Override
    public LeaderEpochs leaderEpochs() {
        checkOnline();
        return state.epochs;
    }

    @Override
    public long append(ByteBuffer batch, int leaderEpoch) {
        checkOnline();
        int size = batch.remaining();
        ActiveSegment active = segmentFor(batch);
        boolean staged = active.staging().holds(batch);
        if (!staged) {
            reserveFor(active, size);
        }
        long baseOffset = state.endOffset;
        long lastOffset = baseOffset + BatchHeader.lastOffsetDelta(batch, batch.position());
        long position = write(active, batch, baseOffset, leaderEpoch);
        if (leaderEpoch > state.epochs.latestEpoch()) {
            state.epochs.assign(leaderEpoch, baseOffset);
        }
        long maxTimestampMs = BatchHeader.maxRecordTimestamp(batch, batch.position());
        active.index().onBatch(baseOffset, lastOffset, maxTimestampMs, lastOffset, size, position);
        AbortedTransaction aborted = state.producers.onAppended(batch, baseOffset);
        if (aborted != null) {
            active.index().onAborted(aborted);
        }
        state.endOffset = lastOffset + 1;
        state.changed = true;
        if (staged) {
            active.writeAhead().onStagedAppended(active.endPosition());
        } else {
            active.writeAhead().onAppended(active.endPosition());
        }
        segments.prepareWhenNear();
        sync.onAppended();
        return baseOffset;
    }

    @Override
    public boolean hasRoomFor(int batchBytes) {
        checkOnline();
        ActiveSegment active = goingOn(batchBytes);
        return active == null ? segments.isReadyToRoll(batchBytes) : active.isReadyFor(batchBytes);
    }

    @Override
    public CompletionStage<@Nullable Void> whenRoomFor(int batchBytes) {
        checkOnline();
        ActiveSegment active = goingOn(batchBytes);
        if (active == null) {
            segments.expect(batchBytes);
        } else {
            active.expect(batchBytes);
        }
        if (room == null) {
            room = new CompletableFuture<>();
        }
        if (hasRoomFor(batchBytes)) {
            // Made since the caller asked; the disk thread need not have seen yet that somebody waits.
            context.owner().execute(this::onProgress);
        }
        return room;
    }

    @Override
    public boolean wantsStaging(ByteBuffer batch) {
        checkOnline();
        int size = batch.remaining();
        if (!Staging.isWorthwhile(size)) {
            return false;
        }
        ActiveSegment active = goingOn(size);
        return active == null
                ? segments.isReadyToStage(size)
                : active.isReservedFor(size) && !active.staging().holds(batch);
    }

    @Override
    public CompletionStage<@Nullable Void> stage(ByteBuffer batch) {
        if (!wantsStaging(batch)) {
            throw new IllegalStateException("nobody wanted a batch of " + batch.remaining() + " bytes staged");
        }
        ActiveSegment active = segmentFor(batch);
        return active.staging().write(batch, active.endPosition());
    }

    @Override
    public void unstage() {
        ActiveSegment active = state.active;
        if (active != null) {
            active.staging().abandon();
        }
    }

    /** The active segment, or null if a batch of that size needs a new one. */
    private @Nullable ActiveSegment goingOn(int batchBytes) {
        ActiveSegment active = state.active;
        return active != null && active.hasRoomFor(batchBytes) && !isFull(active, batchBytes) ? active : null;
    }

    /** The active segment, after a roll if it is full or holds another batch that was staged. */
    private ActiveSegment segmentFor(ByteBuffer batch) {
        int batchBytes = batch.remaining();
        if (state.active != null) {
            state.active.staging().expectOnly(batch);
        }
        ActiveSegment active = goingOn(batchBytes);
        if (active == null) {
            segments.roll(batchBytes);
            active = state.active;
        }
        if (active == null || !active.hasRoomFor(batchBytes)) {
            throw new LogFullException(
                    "no segment of log " + state.id + " has room for a batch of " + batchBytes + " bytes");
        }
        return active;
    }

    private boolean isFull(ActiveSegment active, int batchBytes) {
        return !active.isEmpty() && active.index().sizeBytes() + batchBytes > state.config.segmentBytes();
    }

    private void reserveFor(ActiveSegment active, int batchBytes) {
        WriteAhead ahead = active.writeAhead();
        long neededEnd = active.neededEnd(batchBytes);
        if (ahead.covers(neededEnd)) {
            return;
        }
        boolean reserved;
        try {
            reserved = ahead.isReserved(neededEnd) || ahead.reserveNow(active.endPosition(), neededEnd);
        } catch (IOException e) {
            onFailure(e);
            throw new LogOfflineException("cannot reserve space for log " + state.id, e);
        }
        if (!reserved) {
            throw new LogFullException("no space for " + batchBytes + " bytes in log " + state.id);
        }
        inPlaceAppends++;
    }

    private long write(ActiveSegment active, ByteBuffer batch, long baseOffset, int leaderEpoch) {
        try {
            return active.append(batch, baseOffset, leaderEpoch);
        } catch (LogOfflineException e) {
            onFailure(e);
            throw e;
        }
    }

    @Override
    public @Nullable LogSlices readHot(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkOnline();
        return reads.readHot(offset, endOffset, maxBytes, atLeastOne);
    }

    @Override
    public CompletionStage<LogSlices> readCold(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkOnline();
        return reads.readCold(offset, endOffset, maxBytes, atLeastOne);
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findByTimestamp(
            long timestampMs, long endOffset, Predicate<ByteBuffer> counts) {
        checkOnline();
        List<SegmentSource> sources = reads.sourcesBelow(endOffset);
        TimestampSearch search = search(endOffset);
        CompletableFuture<@Nullable TimestampedOffset> result = new CompletableFuture<>();
        reads.onDisk(
                sources,
                () -> search.firstAtOrAfter(sources, timestampMs, counts),
                unwanted -> {},
                result,
                () -> findByTimestamp(timestampMs, endOffset, counts));
        return result;
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findMaxTimestamp(long endOffset) {
        checkOnline();
        List<SegmentSource> sources = reads.sourcesBelow(endOffset);
        TimestampSearch search = search(endOffset);
        CompletableFuture<@Nullable TimestampedOffset> result = new CompletableFuture<>();
        reads.onDisk(sources, () -> search.max(sources), unwanted -> {}, result, () -> findMaxTimestamp(endOffset));
        return result;
    }

    private TimestampSearch search(long endOffset) {
        return new TimestampSearch(state.files, readers, context.disk(), state.startOffset, endOffset);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        checkOnline();
        return state.abortedTransactions(fromOffset, toOffset);
    }

    @Override
    public CompletionStage<Long> sync() {
        checkOnline();
        return sync.sync();
    }

    @Override
    public CompletionStage<@Nullable Void> truncateTo(long offset) {
        checkOnline();
        return guard(() -> changes.truncateTo(offset));
    }

    @Override
    public CompletionStage<@Nullable Void> truncateFullyAndStartAt(long offset) {
        checkOnline();
        return guard(() -> changes.truncateFullyAndStartAt(offset));
    }

    @Override
    public CompletionStage<Long> advanceStartTo(long offset) {
        checkOnline();
        return guard(() -> changes.advanceStartTo(offset));
    }

    @Override
    public CompletionStage<Integer> enforceRetention(long nowMs, long deletableEndOffset) {
        checkOnline();
        return guard(() -> changes.enforceRetention(nowMs, deletableEndOffset));
    }

    @Override
    public CompletionStage<Boolean> rollIfOld(long nowMs) {
        checkOnline();
        return guard(() -> changes.rollIfOld(nowMs));
    }

    @Override
    public Cleanable cleanable(long nowMs, long stableEndOffset) {
        checkOnline();
        return compaction.cleanable(nowMs, stableEndOffset);
    }

    @Override
    public CompletionStage<CompactionReport> compact(long nowMs, long stableEndOffset, CompactionBudget budget) {
        checkOnline();
        return compaction.compact(nowMs, stableEndOffset, budget);
    }

    @Override
    public CompletionStage<@Nullable Void> keepNote(byte[] content) {
        checkOnline();
        return note.keep(content);
    }

    @Override
    public CompletionStage<byte @Nullable []> note() {
        checkOnline();
        return note.read();
    }

    /** Takes the log offline if a change cannot be brought to its end: what is on the disk is not what is in memory then. */
    private <T extends @Nullable Object> CompletionStage<T> guard(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        change.get().whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else if (failure instanceof LogFullException || failure.getCause() instanceof LogFullException) {
                result.completeExceptionally(new LogFullException("no space to change log " + state.id, failure));
            } else {
                onFailure(failure);
                result.completeExceptionally(new LogOfflineException("log " + state.id + " failed", failure));
            }
        });
        return result;
    }

    @Override
    public void reconfigure(LogConfig config) {
        checkOnline();
        segments.reconfigure(config);
    }

    @Override
    public CompletionStage<@Nullable Void> close() {
        if (closed == null) {
            boolean inOrder = refusal == null;
            refusal = new LogOfflineException("closed");
            context.owner().execute(this::onProgress);
            closed = closing.close(inOrder);
        }
        return closed;
    }

    @Override
    public CompletionStage<@Nullable Void> delete() {
        if (closed != null) {
            throw new LogOfflineException("log " + state.id + " is closed; delete it through its store");
        }
        refusal = new LogOfflineException("deleted");
        context.owner().execute(this::onProgress);
        closed = closing.delete();
        return closed;
    }
}
