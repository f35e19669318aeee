package io.penstock.core.runtime;

import io.penstock.core.partition.Partition;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition with its log: runs commands against the pure {@link Partition} and the {@link PartitionLog}, and hands what has
 * become ready to those who wait. Knows threads only as an owner's executor and timers, so it runs under a simulated clock too.
 *
 * <p>Owned by one event loop: everything but {@link #askToClose}, {@link #lastUsedMs} and {@link #owner} is called there.
 * Failure has the size of a command (a bug) or of this partition (its log).
 */
final class LivePartition {
    private static final Logger LOGGER = LoggerFactory.getLogger(LivePartition.class);
    /** How exact {@link #lastUsedMs} is: writing it for every command would cost more than it tells. */
    private static final long USE_STEP_MS = 500;

    private final PartitionHost host;
    private final Executor owner;
    private final String topicName;
    private final LogId logId;
    private final PartitionId id;
    private LogConfig logConfig;

    private final Partition partition;
    private final LogGate gate;
    private final GroupCommit commit;
    private final MessageIdMemory ids;
    private final AppendPath appends;
    private final FetchPath fetches;
    private final LogQueries queries;
    private final LogCleaning cleaning;

    private volatile long lastUsedMs;
    private long lastSizeBytes;
    private int retaining;
    private boolean isDiskFull;

    LivePartition(PartitionSpec spec, PartitionHost host, Executor owner, Timers timers) {
        this.host = host;
        this.owner = owner;
        this.topicName = spec.topicName();
        this.logId = spec.logId();
        this.id = spec.id();
        this.logConfig = spec.logConfig();
        this.partition = new Partition(spec.image(), host.nodeId(), spec.config());
        this.gate = new LogGate(this, host, new LogContext(owner, host.disk()), timers);
        this.commit = new GroupCommit(this, timers);
        this.ids =
                new MessageIdMemory(this, host, timers, spec.config().delivery().dedup());
        this.appends = new AppendPath(this, partition, host, timers, commit, ids);
        this.fetches = new FetchPath(this, partition, host);
        this.queries = new LogQueries(this, partition, host);
        this.cleaning = new LogCleaning(this, host);
    }

    // ---- identity

    PartitionId id() {
        return id;
    }

    String topicName() {
        return topicName;
    }

    LogId logId() {
        return logId;
    }

    LogConfig logConfig() {
        return logConfig;
    }

    Executor owner() {
        return owner;
    }

    // ---- commands

    /** Runs a command that has just arrived, unless somebody else answers it. */
    void handle(PartitionCommand command) {
        if (command.claim()) {
            touch();
            run(command);
        }
    }

    /** Runs a claimed command. */
    void run(PartitionCommand command) {
        guard(command, () -> command.runOn(this));
    }

    /** Runs a step of a command; whatever goes wrong, the command is answered. */
    void guard(PartitionCommand command, Runnable step) {
        try {
            step.run();
        } catch (LogOfflineException e) {
            command.refuse(Errors.KAFKA_STORAGE_ERROR);
            PartitionLog log = openLog();
            if (log != null) {
                onLogFailed(log, "use", e);
            }
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            onBug(command.getClass().getSimpleName(), e);
            command.refuse(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    /** Reports what should never happen. Safe from any thread. */
    void onBug(String what, Throwable failure) {
        LOGGER.atError()
                .addKeyValue("topic", topicName)
                .addKeyValue("partition", id.index())
                .setCause(failure)
                .log("Unexpected failure in {}", what);
    }

    /** A batch was refused for want of space: told once until there is room again. */
    void onDiskFull() {
        if (!isDiskFull) {
            isDiskFull = true;
            LOGGER.atWarn()
                    .addKeyValue("topic", topicName)
                    .addKeyValue("partition", id.index())
                    .log("The disk has no room for records; producers get KAFKA_STORAGE_ERROR until there is");
        }
    }

    private void onRoomAgain() {
        isDiskFull = false;
        LOGGER.atInfo()
                .addKeyValue("topic", topicName)
                .addKeyValue("partition", id.index())
                .log("There is room on the disk again");
    }

    void append(AppendCommand command) {
        appends.append(command);
    }

    void fetch(FetchCommand command) {
        fetches.fetch(command);
    }

    void endWaiting(FetchCommand command) {
        fetches.endWaiting(command);
    }

    void listOffset(OffsetCommand command) {
        queries.listOffset(command);
    }

    void epochEnd(EpochEndCommand command) {
        queries.epochEnd(command);
    }

    void producers(ProducersCommand command) {
        queries.producers(command);
    }

    void deleteRecords(DeleteRecordsCommand command) {
        queries.deleteRecords(command);
    }

    void status(StatusCommand command) {
        queries.status(command);
    }

    // ---- the log

    /** The open log for a command to work on; null if the command was taken over, to be run again or refused. */
    @Nullable
    PartitionLog openFor(PartitionCommand command) {
        return gate.openFor(command);
    }

    /** The log if it is open, else null. */
    @Nullable
    PartitionLog openLog() {
        return gate.log();
    }

    /** Whether the log is open or may be opened at any time. */
    boolean canOpen() {
        return gate.state() != LogGate.State.OFFLINE && gate.state() != LogGate.State.ENDED;
    }

    /** What to say to a command that finds no open log. */
    Errors errorWhileShut() {
        return gate.state() == LogGate.State.ENDED ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.KAFKA_STORAGE_ERROR;
    }

    /** The message ids of the log's records. */
    MessageIdMemory ids() {
        return ids;
    }

    /** The log's compaction. */
    LogCleaning cleaning() {
        return cleaning;
    }

    long visibleEndOffset(boolean readCommitted) {
        return partition.visibleEndOffset(readCommitted);
    }

    /** Size of the log when it was last closed. */
    long lastSizeBytes() {
        return lastSizeBytes;
    }

    void onLogOpened(PartitionLog log) {
        partition.replayOpened(log);
        fetches.onOpened(log);
        log.reconfigure(logConfig);
        ids.onOpened(log);
        if (partition.config().syncsEveryRecord() && log.syncedOffset() < log.endOffset()) {
            commit.ask(log); // what a crash left unsynced becomes visible once it is on the disk
        }
        settle();
    }

    /** The log is offline: what waits for it cannot be done here now. */
    void onLogOffline() {
        partition.replayLost();
        commit.forget();
        appends.refuseParked(Errors.KAFKA_STORAGE_ERROR);
        ids.forget();
        appends.refuseHeld(Errors.KAFKA_STORAGE_ERROR);
        appends.refuseAcks(Errors.KAFKA_STORAGE_ERROR);
        fetches.refuseAll(Errors.KAFKA_STORAGE_ERROR);
    }

    void onLogFailed(PartitionLog log, String what, Throwable failure) {
        gate.onFailed(log, what, failure);
    }

    void onAppended(PartitionLog log, int sizeBytes) {
        if (isDiskFull) {
            onRoomAgain();
        }
        fetches.onAppended(log.endOffset(), sizeBytes);
    }

    void onSynced() {
        onLogMoved();
    }

    /** The log's start, end or synced offset has moved. */
    void onLogMoved() {
        PartitionLog log = openLog();
        if (log != null) {
            partition.replayMoved(log);
            settle();
        }
    }

    /** Completes everything that has become ready. */
    void settle() {
        PartitionLog log = openLog();
        if (log != null) {
            appends.settle(log);
            fetches.settle();
        }
    }

    // ---- life

    /** Takes a newer image and newer settings over. */
    void update(PartitionSpec spec) {
        partition.replayConfig(spec.config());
        ids.reconfigure(spec.config().delivery().dedup());
        PartitionLog log = openLog();
        if (!logConfig.equals(spec.logConfig())) {
            logConfig = spec.logConfig();
            if (log != null) {
                log.reconfigure(logConfig);
            }
        }
        if (partition.replayImage(spec.image())) {
            appends.onLeadership();
            fetches.onLeadership();
        }
        if (log != null && partition.config().syncsEveryRecord() && log.syncedOffset() < log.endOffset()) {
            commit.ask(log);
        }
        onLogMoved();
    }

    /** Opens a closed log that has data, lets the retention look at it, and closes it again if nobody else came. */
    void retainClosed(Runnable whenDone) {
        boolean knownEmpty = partition.isOpened() && partition.logStartOffset() == partition.logEndOffset();
        if (gate.state() != LogGate.State.CLOSED || knownEmpty) {
            whenDone.run();
            return;
        }
        queries.sizeOfClosed()
                .whenComplete((size, failure) -> owner.execute(() -> {
                    if (failure == null && size > 0) {
                        handle(new RetainCommand(id, whenDone));
                    } else {
                        whenDone.run(); // without files there is nothing to delete, and opening would make some
                    }
                }));
    }

    /** Deletes what the retention settings allow, if the log is open. */
    void retain(Runnable whenDone) {
        PartitionLog log = openLog();
        if (log == null || retaining > 0) {
            whenDone.run();
            return;
        }
        retaining++;
        CompletionStage<Long> kept = ids.keepIfPossible(log);
        kept.thenCompose(keptUpTo -> deleteOld(log, keptUpTo)).whenComplete((deleted, failure) -> {
            retaining--;
            if (failure == null) {
                onLogMoved();
            } else if (GroupCommit.unwrap(failure) instanceof LogOfflineException) {
                onLogFailed(log, "enforce the retention of", failure);
            } else {
                onBug("retention", failure);
            }
            whenDone.run();
        });
    }

    private CompletionStage<Integer> deleteOld(PartitionLog log, long upToOffset) {
        return log.enforceRetention(host.clock().wallMs(), Math.min(partition.highWatermark(), upToOffset));
    }

    /** When a command last came, monotonic, in ms. Safe from any thread. */
    long lastUsedMs() {
        return lastUsedMs;
    }

    private void touch() {
        long nowMs = host.clock().monotonicMs();
        if (nowMs - lastUsedMs >= USE_STEP_MS) {
            lastUsedMs = nowMs;
        }
    }

    /** Closes the log unless it is in use. Safe from any thread. */
    void askToClose() {
        owner.execute(() -> {
            PartitionLog log = openLog();
            if (log != null && !isBusy()) {
                lastSizeBytes = log.sizeBytes();
                commit.forget();
                ids.forget();
                gate.close();
            }
        });
    }

    private boolean isBusy() {
        return appends.isBusy()
                || fetches.isBusy()
                || queries.isBusy()
                || commit.isBusy()
                || cleaning.isBusy()
                || !ids.isReady()
                || retaining > 0;
    }

    /**
     * Ends the partition on this broker: everything that waits is refused, the log is closed or deleted.
     *
     * @return stage completed when the files are let go
     */
    CompletionStage<Void> end(boolean delete) {
        Errors refusal = delete ? Errors.UNKNOWN_TOPIC_ID : Errors.NOT_LEADER_OR_FOLLOWER;
        CompletionStage<Void> ended = gate.end(delete, refusal);
        commit.forget();
        appends.refuseAll(refusal);
        ids.forget();
        fetches.refuseAll(refusal);
        return ended;
    }
}
