package io.penstock.storage.memory;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.RecordScan;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.epoch.LeaderEpochs;
import io.penstock.storage.producer.ProducerStates;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PartitionLog} in memory. It keeps the whole contract but one promise: nothing survives the death of the process, "synced"
 * only means that {@link #sync} was asked. The content outlives {@link #close} in its store.
 *
 * <p>Owned as {@link LogContext#owner} says. Only the unpacking of batches in searches by timestamp runs on the disk executor.
 */
public final class InMemoryLog implements PartitionLog {
    private final LogId id;
    private final LogContext context;
    private final InMemoryLogStore store;
    private final MemoryContent content;
    private final MemoryReads reads;
    private final MemoryCompaction compaction;
    private LogConfig config;
    private long syncedOffset;
    private boolean closed;

    InMemoryLog(LogId id, LogConfig config, LogContext context, InMemoryLogStore store, MemoryContent content) {
        this.id = id;
        this.config = config;
        this.context = context;
        this.store = store;
        this.content = content;
        reads = new MemoryReads(content);
        compaction = new MemoryCompaction(
                content, context, () -> this.config.compaction().enabled());
        syncedOffset = content.endOffset();
    }

    @Override
    public long startOffset() {
        checkOpen();
        return content.startOffset();
    }

    @Override
    public long endOffset() {
        checkOpen();
        return content.endOffset();
    }

    @Override
    public long syncedOffset() {
        checkOpen();
        return syncedOffset;
    }

    @Override
    public long sizeBytes() {
        checkOpen();
        return content.sizeBytes();
    }

    @Override
    public ProducerStates producers() {
        checkOpen();
        return content.producers();
    }

    @Override
    public LeaderEpochs leaderEpochs() {
        checkOpen();
        return content.leaderEpochs();
    }

    @Override
    public boolean hasRoomFor(int batchBytes) {
        checkOpen();
        return true;
    }

    @Override
    public CompletionStage<@Nullable Void> whenRoomFor(int batchBytes) {
        checkOpen();
        CompletableFuture<@Nullable Void> room = new CompletableFuture<>();
        context.owner().execute(() -> room.complete(null));
        return room;
    }

    @Override
    public long append(ByteBuffer batch, int leaderEpoch) {
        checkOpen();
        MemorySegment active = content.active();
        if (!active.isEmpty() && active.sizeBytes() + batch.remaining() > config.segmentBytes()) {
            content.roll(config.indexIntervalBytes());
        }
        long baseOffset = content.endOffset();
        content.append(batch, leaderEpoch);
        return baseOffset;
    }

    @Override
    public LogSlices readHot(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkOpen();
        return reads.read(offset, endOffset, maxBytes, atLeastOne);
    }

    @Override
    public CompletionStage<LogSlices> readCold(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        checkOpen();
        return CompletableFuture.completedFuture(reads.read(offset, endOffset, maxBytes, atLeastOne));
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findByTimestamp(
            long timestampMs, long endOffset, Predicate<ByteBuffer> counts) {
        checkOpen();
        return findFrom(content.startOffset(), timestampMs, endOffset, counts);
    }

    private CompletionStage<@Nullable TimestampedOffset> findFrom(
            long fromOffset, long timestampMs, long endOffset, Predicate<ByteBuffer> counts) {
        MemoryReads.Candidate candidate = reads.firstAtOrAfter(timestampMs, fromOffset, endOffset);
        if (candidate == null) {
            return CompletableFuture.completedFuture(null);
        }
        return onDisk(scan -> counts.test(candidate.batch())
                        ? scan.firstAtOrAfter(candidate.batch(), timestampMs, fromOffset, endOffset)
                        : null)
                .thenCompose(found -> found != null
                        ? CompletableFuture.completedFuture(found)
                        : findFrom(candidate.nextOffset(), timestampMs, endOffset, counts));
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findMaxTimestamp(long endOffset) {
        checkOpen();
        long startOffset = content.startOffset();
        List<ByteBuffer> candidates = reads.maxTimestampCandidates(startOffset, endOffset);
        return onDisk(scan -> maxTimestamp(scan, candidates, startOffset, endOffset));
    }

    private static @Nullable TimestampedOffset maxTimestamp(
            RecordScan scan, List<ByteBuffer> candidates, long startOffset, long endOffset) {
        TimestampedOffset best = null;
        for (ByteBuffer batch : candidates) {
            TimestampedOffset found = scan.maxTimestamp(batch, startOffset, endOffset);
            if (found != null && (best == null || found.timestampMs() > best.timestampMs())) {
                best = found;
            }
        }
        return best;
    }

    /** Runs a scan on the disk executor and comes back to the owner, also when it fails. */
    private <T extends @Nullable Object> CompletableFuture<T> onDisk(Function<RecordScan, T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> scan(work), context.disk())
                    .whenCompleteAsync((value, failure) -> {}, context.owner());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T extends @Nullable Object> T scan(Function<RecordScan, T> work) {
        try (RecordScan scan = new RecordScan()) {
            return work.apply(scan);
        }
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        checkOpen();
        List<AbortedTransaction> found = new ArrayList<>();
        MemorySegment segment =
                content.segmentOf(Math.max(fromOffset, content.oldest().baseOffset()));
        while (segment != null && !segment.index().collectAborted(fromOffset, toOffset, found)) {
            segment = content.segmentAfter(segment);
        }
        found.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return found;
    }

    @Override
    public CompletionStage<Long> sync() {
        checkOpen();
        long endOffset = content.endOffset();
        CompletableFuture<Long> synced = new CompletableFuture<>();
        // Not at once: a caller that relies on it would break on a log that really waits.
        context.owner().execute(() -> {
            syncedOffset = Math.max(syncedOffset, Math.min(endOffset, content.endOffset()));
            synced.complete(syncedOffset);
        });
        return synced;
    }

    @Override
    public CompletionStage<@Nullable Void> truncateTo(long offset) {
        checkOpen();
        if (offset < content.startOffset()) {
            return truncateFullyAndStartAt(offset);
        }
        if (offset < content.endOffset()) {
            content.truncateTo(offset, config.indexIntervalBytes());
            syncedOffset = Math.min(syncedOffset, content.endOffset());
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> truncateFullyAndStartAt(long offset) {
        checkOpen();
        content.startAnewAt(offset, config.indexIntervalBytes());
        syncedOffset = offset;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Long> advanceStartTo(long offset) {
        checkOpen();
        if (offset > content.endOffset()) {
            throw new OffsetOutOfRangeException(
                    "expected a start offset up to " + content.endOffset() + ", found " + offset);
        }
        content.advanceStartTo(offset);
        return CompletableFuture.completedFuture(content.startOffset());
    }

    @Override
    public CompletionStage<Integer> enforceRetention(long nowMs, long deletableEndOffset) {
        checkOpen();
        content.producers().expire(nowMs, config.producerIdExpirationMs());
        RetentionRun run = new RetentionRun(id, content, config, nowMs, deletableEndOffset);
        return CompletableFuture.completedFuture(run.enforce());
    }

    @Override
    public CompletionStage<Boolean> rollIfOld(long nowMs) {
        checkOpen();
        RetentionRun run = new RetentionRun(id, content, config, nowMs, content.startOffset());
        return CompletableFuture.completedFuture(run.rollIfOld());
    }

    @Override
    public Cleanable cleanable(long nowMs, long stableEndOffset) {
        checkOpen();
        return compaction.cleanable(config, nowMs, stableEndOffset);
    }

    @Override
    public CompletionStage<CompactionReport> compact(long nowMs, long stableEndOffset, CompactionBudget budget) {
        checkOpen();
        return compaction.compact(config, nowMs, stableEndOffset, budget);
    }

    @Override
    public CompletionStage<@Nullable Void> keepNote(byte[] note) {
        checkOpen();
        content.keepNote(note);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<byte @Nullable []> note() {
        checkOpen();
        return CompletableFuture.completedFuture(content.note());
    }

    @Override
    public void reconfigure(LogConfig newConfig) {
        checkOpen();
        config = newConfig;
    }

    @Override
    public CompletionStage<@Nullable Void> close() {
        if (!closed) {
            closed = true;
            store.onClosed(id, content);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> delete() {
        checkOpen();
        closed = true;
        content.release();
        store.onDeleted(id);
        return CompletableFuture.completedFuture(null);
    }

    private void checkOpen() {
        if (closed) {
            throw new LogOfflineException("log " + id + " is closed");
        }
    }
}
