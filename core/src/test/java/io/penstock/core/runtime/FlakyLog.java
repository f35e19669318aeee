package io.penstock.core.runtime;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.epoch.LeaderEpochs;
import io.penstock.storage.producer.ProducerStates;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A log in memory that fails as disks do, when the test says so. */
final class FlakyLog implements PartitionLog {
    private final FlakyLogStore store;
    private final LogId id;
    private final PartitionLog inner;
    private final Executor owner;
    private long synced;
    private boolean dead;

    /** Syncs wait until the test lets them go on. */
    boolean holdSyncs;
    /** Cold reads wait until the test lets them go on. */
    boolean holdReads;
    /** Nothing is in memory: every read is cold. */
    boolean isCold;

    /** Appends must wait until the test makes room. */
    boolean lacksRoom;
    /** How often somebody waited for room. */
    int parkCount;

    private @Nullable CompletableFuture<@Nullable Void> room;

    /** From this size on batches must be staged. */
    int stagedFromBytes = Integer.MAX_VALUE;
    /** What is staged or under way, until the test says that it has been written. */
    private @Nullable ByteBuffer staged;

    private boolean isStaged;
    private @Nullable CompletableFuture<@Nullable Void> staging;
    /** How often a staged batch was given up. */
    int unstageCount;

    boolean isFull;
    boolean failAppends;
    boolean failNotes;
    boolean rejectSyncs;
    int syncCount;

    @Nullable
    RuntimeException bug;

    private final ArrayDeque<HeldSync> heldSyncs = new ArrayDeque<>();
    private final ArrayDeque<Runnable> heldReads = new ArrayDeque<>();

    FlakyLog(FlakyLogStore store, LogId id, PartitionLog inner, Executor owner, long synced) {
        this.store = store;
        this.id = id;
        this.inner = inner;
        this.owner = owner;
        this.synced = Math.min(synced, inner.endOffset());
        this.holdSyncs = store.holdNewSyncs;
    }

    PartitionLog inner() {
        return inner;
    }

    long synced() {
        return synced;
    }

    /** The process is gone: what it waited for never comes. */
    void die() {
        dead = true;
        heldSyncs.clear();
        heldReads.clear();
    }

    private void check() {
        if (dead) {
            throw new LogOfflineException("the log is dead");
        }
    }

    @Override
    public long startOffset() {
        return inner.startOffset();
    }

    @Override
    public long endOffset() {
        return inner.endOffset();
    }

    @Override
    public long syncedOffset() {
        return synced;
    }

    @Override
    public long sizeBytes() {
        return inner.sizeBytes();
    }

    @Override
    public ProducerStates producers() {
        return inner.producers();
    }

    @Override
    public LeaderEpochs leaderEpochs() {
        return inner.leaderEpochs();
    }

    @Override
    public boolean hasRoomFor(int batchBytes) {
        check();
        return !lacksRoom;
    }

    @Override
    public CompletionStage<@Nullable Void> whenRoomFor(int batchBytes) {
        check();
        parkCount++;
        if (room == null) {
            room = new CompletableFuture<>();
        }
        return room;
    }

    /** Appends need not wait any more. */
    void makeRoom() {
        lacksRoom = false;
        askAgain();
    }

    /** Lets whoever waits for room look again. */
    void askAgain() {
        CompletableFuture<@Nullable Void> waiting = room;
        room = null;
        if (waiting != null) {
            owner.execute(() -> waiting.complete(null));
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same buffer
    public boolean wantsStaging(ByteBuffer batch) {
        check();
        return batch.remaining() >= stagedFromBytes && !(isStaged && staged == batch);
    }

    @Override
    public CompletionStage<@Nullable Void> stage(ByteBuffer batch) {
        check();
        staged = batch;
        isStaged = false;
        staging = new CompletableFuture<>();
        return staging;
    }

    boolean isStaging() {
        return staging != null;
    }

    /** The batch is where it belongs. */
    void endStaging() {
        CompletableFuture<@Nullable Void> waiting = staging;
        staging = null;
        isStaged = true;
        if (waiting != null) {
            owner.execute(() -> waiting.complete(null));
        }
    }

    @Override
    public void unstage() {
        if (staged != null) {
            unstageCount++;
            staged = null;
        }
    }

    @Override
    public long append(ByteBuffer batch, int leaderEpoch) {
        check();
        if (staging != null || wantsStaging(batch)) {
            throw new IllegalStateException("appended without being staged, or while another is");
        }
        staged = null;
        if (bug != null) {
            throw bug;
        }
        if (isFull) {
            throw new LogFullException("no room");
        }
        if (failAppends) {
            dead = true;
            throw new LogOfflineException("the disk broke");
        }
        return inner.append(batch, leaderEpoch);
    }

    @Override
    public @Nullable LogSlices readHot(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        check();
        return isCold ? null : counted(inner.readHot(offset, endOffset, maxBytes, atLeastOne));
    }

    private @Nullable LogSlices counted(@Nullable LogSlices slices) {
        return slices == null || slices.sizeBytes() == 0 ? slices : new CountedSlices(slices, store);
    }

    @Override
    public CompletionStage<LogSlices> readCold(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        check();
        CompletableFuture<LogSlices> read = new CompletableFuture<>();
        Runnable go = () -> owner.execute(() -> {
            try {
                check();
                inner.readCold(offset, endOffset, maxBytes, atLeastOne)
                        .thenAccept(slices -> read.complete(counted(slices)));
            } catch (RuntimeException e) {
                read.completeExceptionally(e);
            }
        });
        if (holdReads) {
            heldReads.add(go);
        } else {
            go.run();
        }
        return read;
    }

    void releaseReads() {
        holdReads = false;
        for (Runnable read = heldReads.poll(); read != null; read = heldReads.poll()) {
            read.run();
        }
    }

    int heldReads() {
        return heldReads.size();
    }

    @Override
    public CompletionStage<Long> sync() {
        check();
        if (rejectSyncs) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("the disk queue is full"));
        }
        syncCount++;
        HeldSync sync = new HeldSync(inner.endOffset(), new CompletableFuture<>());
        heldSyncs.add(sync);
        if (!holdSyncs) {
            releaseOneSync();
        }
        return sync.done;
    }

    int heldSyncs() {
        return heldSyncs.size();
    }

    /** Lets the oldest sync succeed. */
    void releaseOneSync() {
        HeldSync sync = heldSyncs.poll();
        if (sync != null) {
            owner.execute(() -> {
                if (!dead) {
                    synced = Math.max(synced, sync.offset);
                    store.onSynced(id, synced);
                    sync.done.complete(synced);
                }
            });
        }
    }

    /** Lets the oldest sync fail, and the log with it. */
    void failOneSync() {
        HeldSync sync = heldSyncs.poll();
        if (sync != null) {
            owner.execute(() -> {
                dead = true;
                sync.done.completeExceptionally(new LogOfflineException("the disk did not take it"));
            });
        }
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findByTimestamp(
            long timestampMs, long endOffset, Predicate<ByteBuffer> counts) {
        check();
        return inner.findByTimestamp(timestampMs, endOffset, counts);
    }

    @Override
    public CompletionStage<@Nullable TimestampedOffset> findMaxTimestamp(long endOffset) {
        check();
        return inner.findMaxTimestamp(endOffset);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return inner.abortedTransactions(fromOffset, toOffset);
    }

    @Override
    public CompletionStage<Void> truncateTo(long offset) {
        return inner.truncateTo(offset);
    }

    @Override
    public CompletionStage<Void> truncateFullyAndStartAt(long offset) {
        return inner.truncateFullyAndStartAt(offset);
    }

    @Override
    public CompletionStage<Long> advanceStartTo(long offset) {
        check();
        return inner.advanceStartTo(offset);
    }

    @Override
    public CompletionStage<Integer> enforceRetention(long nowMs, long deletableEndOffset) {
        check();
        return inner.enforceRetention(nowMs, deletableEndOffset);
    }

    @Override
    public CompletionStage<Boolean> rollIfOld(long nowMs) {
        check();
        return inner.rollIfOld(nowMs);
    }

    @Override
    public Cleanable cleanable(long nowMs, long stableEndOffset) {
        check();
        return inner.cleanable(nowMs, stableEndOffset);
    }

    @Override
    public CompletionStage<CompactionReport> compact(long nowMs, long stableEndOffset, CompactionBudget budget) {
        check();
        return inner.compact(nowMs, stableEndOffset, budget);
    }

    @Override
    public CompletionStage<@Nullable Void> keepNote(byte[] note) {
        check();
        if (failNotes) {
            return CompletableFuture.failedFuture(new LogFullException("no space for a note"));
        }
        return inner.keepNote(note);
    }

    @Override
    public CompletionStage<byte @Nullable []> note() {
        check();
        return inner.note();
    }

    @Override
    public void reconfigure(LogConfig config) {
        inner.reconfigure(config);
    }

    @Override
    public CompletionStage<Void> close() {
        store.onClosed(id);
        if (!dead) {
            synced = inner.endOffset();
        }
        store.onSynced(id, synced);
        return inner.close();
    }

    @Override
    public CompletionStage<Void> delete() {
        store.onClosed(id);
        store.onSynced(id, 0);
        return inner.delete();
    }

    private record HeldSync(long offset, CompletableFuture<Long> done) {}

    /** Counts what readers have not given back. */
    private static final class CountedSlices implements LogSlices {
        private final LogSlices slices;
        private final FlakyLogStore store;
        private int references = 1;

        CountedSlices(LogSlices slices, FlakyLogStore store) {
            this.slices = slices;
            this.store = store;
            store.slicesOut++;
        }

        @Override
        public int sizeBytes() {
            return slices.sizeBytes();
        }

        @Override
        public List<ByteBuffer> buffers() {
            return slices.buffers();
        }

        @Override
        public long nextOffset() {
            return slices.nextOffset();
        }

        @Override
        public LogSlices retain() {
            references++;
            return this;
        }

        @Override
        public void release() {
            if (references == 0) {
                throw new IllegalStateException("released twice");
            }
            if (--references == 0) {
                store.slicesOut--;
                slices.release();
            }
        }
    }
}
