package io.penstock.core.runtime;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.dedup.MessageIdWindow;
import io.penstock.core.dedup.Screening;
import io.penstock.core.dedup.WindowCopy;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message ids that a partition remembers, where its topic has {@code penstock.dedup.header}. The log itself is what keeps them: the
 * window is made anew from the log's tail whenever the log is opened, so what an append has returned from is remembered after any
 * crash. Only before records go away (retention, DeleteRecords, compaction) their ids are written beside the log, see {@link #keep}.
 *
 * <p>Owned by one {@link LivePartition}. Where there is no window, every question costs one look at a field.
 */
final class MessageIdMemory {
    private static final Logger LOGGER = LoggerFactory.getLogger(MessageIdMemory.class);

    /** Wait so long when the workers would not take the reading. */
    private static final long BUSY_RETRY_MS = 20;

    private final LivePartition live;
    private final PartitionHost host;
    private final Timers timers;
    private @Nullable DedupConfig config;

    /** Of the log that is open; null if it is closed, if nobody asks for ids, or as long as it is being made. */
    private @Nullable MessageIdWindow window;
    /** Completed when the window that is being made is there, or will not be made any more; null if none is. */
    private @Nullable CompletableFuture<Void> making;
    /** Ids of the records below are written beside the log; -1 if that is not known. */
    private long keptUpTo = -1;

    MessageIdMemory(LivePartition live, PartitionHost host, Timers timers, @Nullable DedupConfig config) {
        this.live = live;
        this.host = host;
        this.timers = timers;
        this.config = config;
    }

    // ---- life

    /** The log was opened. */
    void onOpened(PartitionLog log) {
        DedupConfig wanted = config;
        CompletableFuture<Void> mine = wanted == null ? null : new CompletableFuture<>();
        replaceMaking(mine);
        if (wanted != null && mine != null) {
            make(mine, wanted, log);
        }
    }

    /** The log was closed, failed, or goes away. */
    void forget() {
        replaceMaking(null);
    }

    /** Who waited for the old window asks again, and then finds that another one is being made. */
    private void replaceMaking(@Nullable CompletableFuture<Void> next) {
        window = null;
        keptUpTo = -1;
        CompletableFuture<Void> waiting = making;
        making = next;
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** Takes changed settings over; another header begins with what the log's tail has under it. */
    void reconfigure(@Nullable DedupConfig wanted) {
        DedupConfig before = config;
        config = wanted;
        PartitionLog log = live.openLog();
        if (log == null || (wanted == null ? before == null : wanted.equals(before))) {
            return;
        }
        MessageIdWindow current = window;
        if (wanted != null
                && before != null
                && current != null
                && wanted.header().equals(before.header())) {
            current.reconfigure(wanted);
        } else {
            onOpened(log);
        }
    }

    private void make(CompletableFuture<Void> mine, DedupConfig wanted, PartitionLog log) {
        new MessageIdReplay(host, live.owner(), wanted, log)
                .run()
                .whenComplete((made, failure) -> live.owner().execute(() -> onMade(mine, wanted, log, made, failure)));
    }

    private void onMade(
            CompletableFuture<Void> mine,
            DedupConfig wanted,
            PartitionLog log,
            @Nullable MessageIdWindow made,
            @Nullable Throwable failure) {
        if (making != mine) {
            return; // of a log or of settings that are gone
        }
        if (made != null) {
            making = null;
            window = made;
            mine.complete(null);
        } else if (failure != null && GroupCommit.unwrap(failure) instanceof RejectedExecutionException) {
            timers.after(BUSY_RETRY_MS, () -> {
                if (making == mine) {
                    make(mine, wanted, log);
                }
            });
        } else if (failure != null) {
            // Appends that nobody compares with what was there before would break the promise: the log is tried again
            // later.
            live.onLogFailed(log, "read the message ids of", GroupCommit.unwrap(failure));
        }
    }

    // ---- appends

    /** Whether appends can be judged: the window is there, or nobody asks for one. */
    boolean isReady() {
        return making == null;
    }

    /** Completed on the owner when {@link #isReady} may be asked again. */
    CompletionStage<Void> whenReady() {
        CompletableFuture<Void> waiting = making;
        return waiting == null ? CompletableFuture.completedFuture(null) : waiting;
    }

    /** Looks the ids of a batch up; null if there is nothing to look up, or if that was done. */
    @Nullable
    Screening screen(PartitionLog log, Valid valid) {
        MessageIdWindow current = window;
        if (current == null || valid.ids() == null || valid.screening() != null) {
            return null;
        }
        return current.screen(
                valid.ids(), transactionOf(valid.batch()), host.clock().monotonicMs(), log.endOffset());
    }

    /** A batch was appended. */
    void onAppended(Valid valid, long baseOffset) {
        MessageIdWindow current = window;
        if (current == null) {
            return;
        }
        Screening screening = valid.screening();
        if (screening != null) {
            host.metrics().onDuplicatesDropped(live.id(), screening.duplicateCount());
        }
        if (valid.ids() != null) {
            current.replayAppended(
                    valid.ids(),
                    screening,
                    baseOffset,
                    transactionOf(valid.batch()),
                    host.clock().monotonicMs());
        } else {
            replayMarker(current, valid.batch());
        }
    }

    /** What a producer is told of a batch that was appended: if nothing was new in it, where its records are. */
    static long answeredOffset(Valid valid, long baseOffset) {
        Screening screening = valid.screening();
        return screening != null && screening.isAllDuplicates() ? screening.originalBaseOffset() : baseOffset;
    }

    /** The producer whose transaction a batch is part of, or -1. */
    static long transactionOf(ByteBuffer batch) {
        int at = batch.position();
        return BatchHeader.isTransactional(batch, at) ? BatchHeader.producerId(batch, at) : -1;
    }

    /** Ends a transaction if the batch is a marker. */
    static void replayMarker(MessageIdWindow window, ByteBuffer batch) {
        if (BatchHeader.isControl(batch, batch.position())) {
            ControlMarker marker = ControlMarker.read(batch);
            if (marker != null) {
                window.replayMarker(BatchHeader.producerId(batch, batch.position()), marker.isAbort());
            }
        }
    }

    // ---- keeping

    /**
     * Writes the ids of all records so far beside the log, so that they are remembered when their records are gone. Syncs the log first:
     * ids of records that a power cut takes away would make their producers believe that they are there.
     *
     * @return up to which offset records may go away now; fails if the ids cannot be written
     */
    CompletionStage<Long> keep(PartitionLog log) {
        CompletableFuture<Void> waiting = making;
        if (waiting != null) {
            return waiting.thenCompose(ready -> keep(log));
        }
        MessageIdWindow current = window;
        if (current == null || current.count() == 0) {
            return CompletableFuture.completedFuture(Long.MAX_VALUE);
        }
        try {
            return log.endOffset() == keptUpTo
                    ? CompletableFuture.completedFuture(keptUpTo)
                    : write(log, log.endOffset(), current);
        } catch (LogOfflineException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Long> write(PartitionLog log, long endOffset, MessageIdWindow current) {
        WindowCopy copy = current.copy(host.clock().monotonicMs());
        return log.sync()
                .thenCompose(synced -> CompletableFuture.supplyAsync(
                        () -> copy.toBytes(endOffset, host.clock().wallMs()), host.compute()))
                .thenComposeAsync(log::keepNote, live.owner())
                .thenApply(kept -> {
                    keptUpTo = window == current ? endOffset : keptUpTo;
                    return endOffset;
                });
    }

    /** As {@link #keep}, for who has to make room on a disk that may be full: goes on without, which is logged. */
    CompletionStage<Long> keepIfPossible(PartitionLog log) {
        return keep(log).exceptionally(failure -> {
            LOGGER.atWarn()
                    .addKeyValue("topic", live.topicName())
                    .addKeyValue("partition", live.id().index())
                    .setCause(failure)
                    .log(
                            "Could not keep the message ids of records that are deleted; after a restart they are forgotten");
            return Long.MAX_VALUE;
        });
    }
}
