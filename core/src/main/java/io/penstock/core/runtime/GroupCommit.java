package io.penstock.core.runtime;

import io.penstock.storage.PartitionLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Has a partition's log synced: one sync at a time, shared by all appends that came before it started; another follows if more
 * came meanwhile. A failed sync is never tried again: the log is given up.
 *
 * <p>Owned by one {@link LivePartition}.
 */
final class GroupCommit {
    /** Wait so long when the workers would not take a sync. */
    private static final long BUSY_RETRY_MS = 10;

    private final LivePartition partition;
    private final Timers timers;

    private @Nullable PartitionLog syncing;
    private long wantedOffset = -1;
    private Timers.@Nullable Timer flushTimer;

    GroupCommit(LivePartition partition, Timers timers) {
        this.partition = partition;
        this.timers = timers;
    }

    /** Whether a sync is under way. */
    boolean isBusy() {
        return syncing != null;
    }

    /** Whether the record before {@code endOffset} is not synced but asked for: then its acknowledgement waits. */
    boolean isAwaited(PartitionLog log, long endOffset) {
        return endOffset > log.syncedOffset() && endOffset <= wantedOffset;
    }

    /** Asks for everything appended so far to be synced. */
    void ask(PartitionLog log) {
        wantedOffset = log.endOffset();
        if (syncing == null) {
            start(log);
        }
    }

    /** Makes sure that what is not synced yet will be within {@code flushMs}. */
    void askWithin(PartitionLog log, long flushMs) {
        if (flushMs == Long.MAX_VALUE || flushTimer != null || log.syncedOffset() >= log.endOffset()) {
            return;
        }
        flushTimer = timers.after(Math.max(1, flushMs), () -> {
            flushTimer = null;
            PartitionLog open = partition.openLog();
            if (open != null && open.syncedOffset() < open.endOffset()) {
                ask(open);
            }
        });
    }

    /** The log is gone; another one will come. */
    void forget() {
        syncing = null;
        wantedOffset = -1;
        if (flushTimer != null) {
            flushTimer.cancel();
            flushTimer = null;
        }
    }

    private void start(PartitionLog log) {
        syncing = log;
        CompletionStage<Long> sync;
        try {
            sync = log.sync();
        } catch (RuntimeException e) {
            sync = CompletableFuture.failedFuture(e);
        }
        sync.whenComplete((synced, failure) -> onDone(log, failure));
    }

    private void onDone(PartitionLog log, @Nullable Throwable failure) {
        if (syncing != log) {
            return; // of a log that was given up meanwhile
        }
        syncing = null;
        if (failure == null) {
            partition.onSynced();
            if (syncing == null && partition.openLog() == log && wantedOffset > log.syncedOffset()) {
                start(log);
            }
        } else if (unwrap(failure) instanceof RejectedExecutionException) {
            syncing = log;
            timers.after(BUSY_RETRY_MS, () -> {
                if (syncing == log) {
                    start(log);
                }
            });
        } else {
            partition.onLogFailed(log, "sync", failure);
        }
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
