package io.penstock.core.runtime;

import io.penstock.core.partition.AbortedBatches;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.Partition;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.partition.ProducersResult;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.epoch.LeaderEpochs.EpochEnd;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Questions about offsets, and the wish to delete records.
 *
 * <p>Owned by one {@link LivePartition}.
 */
final class LogQueries {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;
    private static final long HIGH_WATERMARK = -1;

    private final LivePartition live;
    private final Partition partition;
    private final PartitionHost host;
    private int underWay;

    LogQueries(LivePartition live, Partition partition, PartitionHost host) {
        this.live = live;
        this.partition = partition;
        this.host = host;
    }

    /** Whether a question is being answered that needs the log. */
    boolean isBusy() {
        return underWay > 0;
    }

    void listOffset(OffsetCommand command) {
        OffsetQuery query = command.query();
        Errors error = partition.checkLeader(query.currentLeaderEpoch());
        if (error != Errors.NONE) {
            command.refuse(error);
            return;
        }
        PartitionLog log = live.openFor(command);
        if (log == null) {
            return;
        }
        long endOffset = partition.visibleEndOffset(query.readCommitted());
        if (query.timestamp() == LATEST) {
            latest(command, endOffset);
        } else if (query.timestamp() == EARLIEST || query.timestamp() == EARLIEST_LOCAL) {
            earliest(command, log);
        } else if (query.timestamp() == MAX_TIMESTAMP) {
            finish(command, log, log.findMaxTimestamp(endOffset), found -> answer(command, found));
        } else if (query.timestamp() == LATEST_TIERED || query.timestamp() == EARLIEST_PENDING_UPLOAD) {
            command.answer(new OffsetResult(Errors.NONE, -1, -1, -1)); // nothing is ever tiered
        } else if (query.timestamp() < 0) {
            command.refuse(Errors.UNSUPPORTED_VERSION);
        } else {
            finish(command, log, findByTimestamp(log, query.timestamp(), endOffset), found -> answer(command, found));
        }
    }

    private CompletionStage<@Nullable TimestampedOffset> findByTimestamp(
            PartitionLog log, long timestampMs, long endOffset) {
        if (!partition.hidesAborted()) {
            return log.findByTimestamp(timestampMs, endOffset);
        }
        AbortedBatches hidden = new AbortedBatches(log.abortedTransactions(log.startOffset(), endOffset));
        return log.findByTimestamp(timestampMs, endOffset, batch -> !hidden.contains(batch, batch.position()));
    }

    private void latest(OffsetCommand command, long endOffset) {
        if (partition.isEndUnknown()) {
            command.refuse(Errors.OFFSET_NOT_AVAILABLE);
        } else {
            command.answer(new OffsetResult(Errors.NONE, -1, endOffset, partition.leaderEpoch()));
        }
    }

    private void earliest(OffsetCommand command, PartitionLog log) {
        long startOffset = partition.logStartOffset();
        command.answer(new OffsetResult(
                Errors.NONE, -1, startOffset, log.leaderEpochs().epochAt(startOffset)));
    }

    private void answer(OffsetCommand command, @Nullable TimestampedOffset found) {
        if (found != null) {
            command.answer(new OffsetResult(Errors.NONE, found.timestampMs(), found.offset(), found.leaderEpoch()));
        } else if (partition.isEndUnknown()) {
            command.refuse(Errors.OFFSET_NOT_AVAILABLE);
        } else {
            command.answer(new OffsetResult(Errors.NONE, -1, -1, -1));
        }
    }

    void epochEnd(EpochEndCommand command) {
        Errors error = partition.checkLeader(command.currentLeaderEpoch());
        if (error != Errors.NONE) {
            command.refuse(error);
            return;
        }
        PartitionLog log = live.openFor(command);
        if (log != null) {
            EpochEnd end = log.leaderEpochs().endOffsetFor(command.leaderEpoch(), log.endOffset());
            command.answer(new EpochEndResult(Errors.NONE, end.leaderEpoch(), end.endOffset()));
        }
    }

    void producers(ProducersCommand command) {
        if (!partition.isLeader()) {
            command.refuse(Errors.NOT_LEADER_OR_FOLLOWER);
            return;
        }
        PartitionLog log = live.openFor(command);
        if (log != null) {
            command.answer(
                    new ProducersResult(Errors.NONE, List.copyOf(log.producers().all())));
        }
    }

    void deleteRecords(DeleteRecordsCommand command) {
        if (!partition.isLeader()) {
            command.refuse(Errors.NOT_LEADER_OR_FOLLOWER);
            return;
        }
        PartitionLog log = live.openFor(command);
        if (log == null) {
            return;
        }
        long target = command.offset() == HIGH_WATERMARK ? partition.highWatermark() : command.offset();
        if (partition.config().compacted() && !partition.config().deletable()) {
            command.refuse(Errors.POLICY_VIOLATION);
        } else if (target < 0 || target > partition.highWatermark()) {
            command.refuse(Errors.OFFSET_OUT_OF_RANGE);
        } else if (target <= partition.logStartOffset()) {
            command.answer(new DeleteRecordsResult(Errors.NONE, partition.logStartOffset()));
        } else {
            CompletionStage<Long> moved = live.ids().keep(log).thenCompose(kept -> log.advanceStartTo(target));
            finish(command, log, moved, startOffset -> {
                live.onLogMoved();
                command.answer(new DeleteRecordsResult(Errors.NONE, startOffset));
            });
        }
    }

    void status(StatusCommand command) {
        PartitionLog log = live.openLog();
        if (log != null) {
            command.answer(statusOf(log.sizeBytes(), log));
        } else if (partition.isOpened() && live.canOpen()) {
            command.answer(statusOf(live.lastSizeBytes(), null));
        } else if (live.canOpen()) {
            sizeOfClosed()
                    .whenComplete((size, failure) -> live.owner().execute(() -> {
                        if (failure == null) {
                            command.answer(new PartitionStatus(Errors.NONE, -1, -1, -1, -1, size, List.of()));
                        } else {
                            command.refuse(Errors.KAFKA_STORAGE_ERROR);
                        }
                    }));
        } else {
            command.refuse(live.errorWhileShut());
        }
    }

    private PartitionStatus statusOf(long sizeBytes, @Nullable PartitionLog log) {
        return new PartitionStatus(
                Errors.NONE,
                partition.logStartOffset(),
                partition.highWatermark(),
                partition.lastStableOffset(),
                partition.logEndOffset(),
                sizeBytes,
                log == null ? List.of() : List.copyOf(log.producers().all()));
    }

    /** Bytes of the files of a log that is not open; completed on any thread. */
    CompletionStage<Long> sizeOfClosed() {
        try {
            return CompletableFuture.supplyAsync(() -> host.store().sizeBytes(live.logId()), host.disk());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Completes a command from a stage of the log. */
    private <R> void finish(PartitionCommand command, PartitionLog log, CompletionStage<R> stage, Consumer<R> then) {
        underWay++;
        stage.whenComplete((result, failure) -> {
            underWay--;
            if (failure == null) {
                live.guard(command, () -> then.accept(result));
            } else {
                onFailure(command, log, GroupCommit.unwrap(failure));
            }
        });
    }

    private void onFailure(PartitionCommand command, PartitionLog log, Throwable failure) {
        if (failure instanceof LogOfflineException) {
            command.refuse(Errors.KAFKA_STORAGE_ERROR);
            live.onLogFailed(log, "read", failure);
        } else if (failure instanceof OffsetOutOfRangeException) {
            command.refuse(Errors.OFFSET_OUT_OF_RANGE);
        } else if (failure instanceof LogFullException) {
            command.refuse(Errors.KAFKA_STORAGE_ERROR);
        } else if (failure instanceof RejectedExecutionException) {
            command.refuse(command.overloadError());
        } else {
            live.onBug("query", failure);
            command.refuse(Errors.UNKNOWN_SERVER_ERROR);
        }
    }
}
