package io.penstock.core.runtime;

import io.penstock.storage.LogContext;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a partition's log: opens it when the first command needs it, lets commands wait meanwhile, closes it when it is
 * idle, keeps everybody out when it failed, and tries to open it again.
 *
 * <pre>
 * CLOSED  → OPENING            first command, or a retention visit
 * OPENING → OPEN | OFFLINE
 * OPEN    → CLOSING | OFFLINE
 * CLOSING → CLOSED | OFFLINE   commands that came meanwhile open it again
 * OFFLINE → OPENING            by a timer, waiting twice as long after each failure
 * any     → ENDED              the partition goes away; what is under way is finished first
 * </pre>
 *
 * <p>Owned by one {@link LivePartition}; every stage is completed on its owner.
 */
final class LogGate {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogGate.class);

    /** Where the gate stands. */
    enum State {
        CLOSED,
        OPENING,
        OPEN,
        CLOSING,
        OFFLINE,
        ENDED
    }

    private final LivePartition partition;
    private final PartitionHost host;
    private final LogContext context;
    private final Timers timers;

    private State state = State.CLOSED;
    private @Nullable PartitionLog log;
    private final ArrayDeque<PartitionCommand> waiting = new ArrayDeque<>();
    /** Completed when an open or close that is under way has ended. */
    private CompletableFuture<Void> transition = CompletableFuture.completedFuture(null);

    private long reopenDelayMs;
    private Timers.@Nullable Timer reopenTimer;

    LogGate(LivePartition partition, PartitionHost host, LogContext context, Timers timers) {
        this.partition = partition;
        this.host = host;
        this.context = context;
        this.timers = timers;
        this.reopenDelayMs = host.limits().reopenMinMs();
    }

    State state() {
        return state;
    }

    /** The log if it is open, else null. */
    @Nullable
    PartitionLog log() {
        return state == State.OPEN ? log : null;
    }

    /**
     * The open log for a command to work on. If there is none, takes the command over: runs it again when the log is open, or
     * refuses it.
     */
    @Nullable
    PartitionLog openFor(PartitionCommand command) {
        switch (state) {
            case OPEN -> {
                return log;
            }
            case OFFLINE -> command.refuse(Errors.KAFKA_STORAGE_ERROR);
            case ENDED -> command.refuse(Errors.NOT_LEADER_OR_FOLLOWER);
            case CLOSED, OPENING, CLOSING -> await(command);
        }
        return null;
    }

    private void await(PartitionCommand command) {
        if (waiting.size() >= host.limits().maxWaitingCommands()) {
            command.refuse(command.overloadError());
            return;
        }
        waiting.add(command);
        open();
    }

    /** Starts to open a closed log; does nothing in other states. */
    void open() {
        if (state == State.CLOSED) {
            state = State.OPENING;
            transition = new CompletableFuture<>();
            host.openLogs().opening().enter(() -> context.owner().execute(this::openNow));
        }
    }

    private void openNow() {
        if (state == State.ENDED) {
            host.openLogs().opening().leave();
            transition.complete(null);
            return;
        }
        CompletionStage<PartitionLog> opening;
        try {
            opening = host.store().open(partition.logId(), partition.logConfig(), context);
        } catch (RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        opening.whenComplete((opened, failure) -> {
            host.openLogs().opening().leave();
            CompletableFuture<Void> done = transition;
            if (failure == null) {
                onOpened(opened);
            } else {
                onFailed("open", failure);
            }
            done.complete(null);
        });
    }

    private void onOpened(PartitionLog opened) {
        log = opened;
        host.openLogs().onOpen(partition);
        if (state == State.ENDED) {
            return; // whoever ends the partition waits for this and closes the log
        }
        state = State.OPEN;
        reopenDelayMs = host.limits().reopenMinMs();
        partition.onLogOpened(opened);
        runWaiting();
    }

    /** Runs what waited. Commands that find the gate shut again come back to the queue's end or are refused. */
    private void runWaiting() {
        for (int left = waiting.size(); left > 0; left--) {
            PartitionCommand command = waiting.poll();
            if (command != null) {
                partition.run(command);
            }
        }
    }

    /** Closes an open log that is not in use; commands that come meanwhile wait. */
    void close() {
        PartitionLog open = log();
        if (open == null) {
            return;
        }
        state = State.CLOSING;
        transition = new CompletableFuture<>();
        CompletableFuture<Void> done = transition;
        whenDone(closeLog(open), failure -> {
            forgetLog();
            if (failure != null) {
                onFailed("close", failure);
            } else if (state != State.ENDED) {
                state = State.CLOSED;
                if (!waiting.isEmpty()) {
                    open();
                }
            }
            done.complete(null);
        });
    }

    /** A log failed while it was used; a report about one that was given up already changes nothing. */
    void onFailed(PartitionLog failed, String what, Throwable failure) {
        if (failed == log) {
            onFailed(what, failure);
        }
    }

    /** The log failed: nobody gets in until it has been opened again. */
    private void onFailed(String what, Throwable failure) {
        if (state == State.ENDED || state == State.OFFLINE) {
            return;
        }
        LOGGER.atError()
                .addKeyValue("topic", partition.topicName())
                .addKeyValue("partition", partition.id().index())
                .addKeyValue("retryMs", reopenDelayMs)
                .setCause(failure)
                .log("Could not {} the log; the partition is offline", what);
        state = State.OFFLINE;
        refuseWaiting(Errors.KAFKA_STORAGE_ERROR);
        partition.onLogOffline();
        abandonLog();
        reopenTimer = timers.after(reopenDelayMs, this::reopen);
        reopenDelayMs = Math.min(reopenDelayMs * 2, host.limits().reopenMaxMs());
    }

    private void reopen() {
        reopenTimer = null;
        // The old log must have let go of its files before they are opened again.
        whenDone(transition, failure -> {
            if (state == State.OFFLINE) {
                state = State.CLOSED;
                open();
            }
        });
    }

    /** Gives a failed log's files back; that it cannot sync any more is known already. */
    private void abandonLog() {
        PartitionLog failed = log;
        if (failed == null) {
            return;
        }
        forgetLog();
        transition = new CompletableFuture<>();
        CompletableFuture<Void> done = transition;
        whenDone(closeLog(failed), failure -> done.complete(null));
    }

    private static CompletionStage<Void> closeLog(PartitionLog log) {
        try {
            return log.close();
        } catch (LogOfflineException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void forgetLog() {
        log = null;
        host.openLogs().onClosed(partition);
    }

    /**
     * Ends the gate for ever: refuses what waits, finishes what is under way, then closes the log or deletes it.
     *
     * @return stage completed when the files are let go
     */
    CompletionStage<Void> end(boolean delete, Errors refusal) {
        state = State.ENDED;
        if (reopenTimer != null) {
            reopenTimer.cancel();
        }
        refuseWaiting(refusal);
        return transition.handle((done, failure) -> null).thenCompose(done -> release(delete));
    }

    private CompletionStage<Void> release(boolean delete) {
        PartitionLog last = log;
        if (last != null) {
            forgetLog();
            return delete ? last.delete() : closeLog(last);
        }
        return delete
                ? CompletableFuture.runAsync(() -> host.store().delete(partition.logId()), context.disk())
                : CompletableFuture.completedFuture(null);
    }

    private void refuseWaiting(Errors error) {
        for (PartitionCommand command = waiting.poll(); command != null; command = waiting.poll()) {
            command.refuse(error);
        }
    }

    private static void whenDone(CompletionStage<?> stage, Consumer<@Nullable Throwable> then) {
        stage.whenComplete((result, failure) -> then.accept(failure));
    }
}
