package io.penstock.core.runtime;

import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compaction of one partition's log: answers what there is to do, and does it when it is this log's turn. Owned by one
 * {@link LivePartition}. A log that cannot be compacted is left alone until it is opened again; it serves on.
 */
final class LogCleaning {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogCleaning.class);

    private final LivePartition partition;
    private final PartitionHost host;
    private boolean running;
    /** The log that could not be compacted; another one may be better. */
    private @Nullable PartitionLog uncleanable;

    LogCleaning(LivePartition partition, PartitionHost host) {
        this.partition = partition;
        this.host = host;
    }

    /** What a partition answers to a look. */
    record Answer(LivePartition partition, Cleanable cleanable, boolean isUncleanable) {}

    boolean isBusy() {
        return running;
    }

    /** Rolls the active segment if it is old enough, and answers; with null if the log is not open or not compacted. */
    void look(Consumer<@Nullable Answer> answer) {
        PartitionLog log = openLog();
        if (log == null || running) {
            answer.accept(null);
            return;
        }
        long nowMs = host.clock().wallMs();
        log.rollIfOld(nowMs).whenComplete((rolled, failure) -> {
            if (failure != null || openLog() != log) {
                answer.accept(null);
            } else {
                answer.accept(new Answer(partition, cleanable(log, nowMs), uncleanable == log));
            }
        });
    }

    private @Nullable PartitionLog openLog() {
        return partition.logConfig().compaction().enabled() ? partition.openLog() : null;
    }

    private Cleanable cleanable(PartitionLog log, long nowMs) {
        return log.cleanable(nowMs, partition.visibleEndOffset(true));
    }

    /** Compacts the log; {@code whenDone} hears what came of it, or null if nothing did. */
    void clean(CompactionBudget budget, Consumer<@Nullable CompactionReport> whenDone) {
        PartitionLog log = openLog();
        if (log == null || running) {
            whenDone.accept(null);
            return;
        }
        running = true;
        start(log, budget).whenComplete((report, failure) -> {
            running = false;
            if (report != null) {
                onCompacted(report);
            } else if (failure != null) {
                onFailed(log, GroupCommit.unwrap(failure));
            }
            whenDone.accept(report);
        });
    }

    private CompletionStage<CompactionReport> start(PartitionLog log, CompactionBudget budget) {
        return partition.ids().keep(log).thenCompose(keptUpTo -> {
            long endOffset = Math.min(partition.visibleEndOffset(true), keptUpTo);
            return log.compact(host.clock().wallMs(), endOffset, budget);
        });
    }

    private void onCompacted(CompactionReport report) {
        if (report.outcome() != Outcome.NOTHING) {
            LOGGER.atDebug()
                    .addKeyValue("topic", partition.topicName())
                    .addKeyValue("partition", partition.id().index())
                    .addKeyValue("offset", report.firstDirtyOffset())
                    .addKeyValue("bytesRead", report.bytesRead())
                    .addKeyValue("bytesWritten", report.bytesWritten())
                    .log("Compacted a log: {}", report.outcome());
        }
    }

    private void onFailed(PartitionLog log, Throwable failure) {
        if (failure instanceof LogOfflineException) {
            partition.onLogFailed(log, "compact", failure);
        } else if (failure instanceof LogFullException
                || failure instanceof RejectedExecutionException
                || failure instanceof CancellationException) {
            LOGGER.atWarn()
                    .addKeyValue("topic", partition.topicName())
                    .addKeyValue("partition", partition.id().index())
                    .log("Could not compact a log now: {}", failure.getMessage());
        } else {
            uncleanable = log;
            LOGGER.atError()
                    .addKeyValue("topic", partition.topicName())
                    .addKeyValue("partition", partition.id().index())
                    .setCause(failure)
                    .log("Cannot compact a log; it is left as it is and serves on: {}", failure.getMessage());
        }
    }
}
