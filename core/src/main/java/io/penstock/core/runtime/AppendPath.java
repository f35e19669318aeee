package io.penstock.core.runtime;

import io.penstock.core.dedup.Screening;
import io.penstock.core.partition.AckWaiters;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.BatchValidator;
import io.penstock.core.partition.BatchVerdict;
import io.penstock.core.partition.Partition;
import io.penstock.core.partition.PendingAck;
import io.penstock.storage.LogFullException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an append: decide, append, replay, reply. Three things may hold an append up: a validation that would hold up the
 * event loop runs on a worker, a log without room makes some off the loop, and a large batch is brought to its place by the disk.
 * Later appends of the partition wait behind it, at most {@link PartitionLimits#maxWaitingCommands}, so that the order stays and
 * the event loop never waits itself. The first batch of a transaction waits for the coordinator's admission
 * ({@link AppendAdmission}), and behind it those of the same producer alone. Where message ids are remembered
 * ({@link MessageIdMemory}), all wait until they have been read, and records that came before are left out.
 *
 * <p>Owned by one {@link LivePartition}.
 */
final class AppendPath {
    /** Appends that waited go on in steps of this much, so that other partitions and connections of the loop get their turn. */
    private static final int RESUMED_BYTES = 512 << 10;
    /** What an append counts for at least. */
    private static final int RESUMED_LEAST_BYTES = 4 << 10;

    private final LivePartition live;
    private final Partition partition;
    private final PartitionHost host;
    private final Timers timers;
    private final GroupCommit commit;
    private final AppendAdmission admission;
    private final MessageIdMemory ids;

    private final ArrayDeque<AppendCommand> queue = new ArrayDeque<>();
    /** The append whose batch a worker or the disk reads; its memory must not be given back before they are done. */
    private @Nullable AppendCommand lent;
    /** The valid append that waits for room in the log. */
    private @Nullable AppendCommand parked;

    private final AckWaiters<AppendCommand> acks;
    private Timers.@Nullable Timer ackTimer;
    private long ackTimerAtMs;

    AppendPath(
            LivePartition live,
            Partition partition,
            PartitionHost host,
            Timers timers,
            GroupCommit commit,
            MessageIdMemory ids) {
        this.live = live;
        this.partition = partition;
        this.host = host;
        this.timers = timers;
        this.commit = commit;
        this.ids = ids;
        this.admission = new AppendAdmission(live, host, timers, this::goOnFirst);
        this.acks = new AckWaiters<>(host.limits().maxPendingAcks());
    }

    /** Whether an append is under way. */
    boolean isBusy() {
        return isHeldUp() || !queue.isEmpty() || acks.count() > 0 || admission.isBusy();
    }

    private boolean isHeldUp() {
        return lent != null || parked != null;
    }

    void append(AppendCommand command) {
        if (!isHeldUp() && queue.isEmpty()) {
            start(command);
        } else if (queue.size() < host.limits().maxWaitingCommands()) {
            queue.add(command);
        } else {
            command.refuse(command.overloadError());
        }
    }

    private void start(AppendCommand command) {
        AppendRequest request = command.request();
        AppendResult refusal = partition.refuseAppend(request);
        if (refusal != null) {
            command.answer(refusal);
            return;
        }
        PartitionLog log = live.openFor(command);
        if (log == null) {
            return;
        }
        if (!ids.isReady()) {
            park(command, ids.whenReady(), () -> start(command)); // in front of the queue, so the order stays
            return;
        }
        if (!admission.admits(command, log)) {
            return;
        }
        BatchVerdict verdict = validate(request, host.limits().inlineWorkBytes());
        if (verdict == BatchVerdict.TooMuchWork.INSTANCE) {
            judgeElsewhere(command, () -> validate(request, BatchValidator.UNLIMITED_WORK));
        } else {
            finish(command, log, verdict);
        }
    }

    private BatchVerdict validate(AppendRequest request, long workLimitBytes) {
        return host.validators()
                .get()
                .validate(
                        request.records(),
                        request.origin(),
                        partition.config(),
                        host.clock().wallMs(),
                        workLimitBytes);
    }

    private void judgeElsewhere(AppendCommand command, Supplier<BatchVerdict> work) {
        lent = command;
        try {
            host.compute().execute(() -> {
                BatchVerdict verdict = verdictOrNull(work);
                live.owner().execute(() -> onValidated(command, verdict));
            });
        } catch (RejectedExecutionException e) {
            lent = null;
            command.refuse(command.overloadError());
        }
    }

    private @Nullable BatchVerdict verdictOrNull(Supplier<BatchVerdict> work) {
        try {
            return work.get();
        } catch (RuntimeException | OutOfMemoryError e) {
            live.onBug("validate", e);
            return null;
        }
    }

    private void onValidated(AppendCommand command, @Nullable BatchVerdict verdict) {
        lent = null;
        live.guard(command, () -> resume(command, verdict));
        goOn();
    }

    /** Runs what waited, in order, until one is held up or it is time for others. */
    private void goOn() {
        int leftBytes = RESUMED_BYTES;
        while (!isHeldUp()) {
            AppendCommand next = queue.poll();
            if (next == null) {
                return;
            }
            if (leftBytes <= 0) {
                queue.addFirst(next);
                live.owner().execute(this::goOn);
                return;
            }
            leftBytes -= Math.max(RESUMED_LEAST_BYTES, next.request().records().remaining());
            live.guard(next, () -> start(next));
        }
    }

    /** Appends that are not held any more go on before all that came later. */
    private void goOnFirst(List<AppendCommand> released) {
        for (int i = released.size() - 1; i >= 0; i--) {
            queue.addFirst(released.get(i));
        }
        goOn();
    }

    private void park(AppendCommand command, CompletionStage<Void> until, Runnable then) {
        parked = command;
        until.whenComplete((nothing, failure) -> {
            // Otherwise it was refused meanwhile.
            if (parked == command) {
                parked = null;
                live.guard(command, then);
                goOn();
            }
        });
    }

    /** The world may have changed while the append was held up. */
    private void resume(AppendCommand command, @Nullable BatchVerdict verdict) {
        AppendResult refusal = partition.refuseAppend(command.request());
        PartitionLog log = live.openLog();
        if (verdict == null) {
            command.refuse(Errors.UNKNOWN_SERVER_ERROR);
        } else if (refusal != null) {
            command.answer(refusal);
        } else if (log == null) {
            command.refuse(live.errorWhileShut());
        } else {
            finish(command, log, verdict);
        }
    }

    private void finish(AppendCommand command, PartitionLog log, BatchVerdict verdict) {
        if (verdict instanceof BatchVerdict.Valid valid) {
            write(command, log, valid);
        } else if (verdict instanceof BatchVerdict.Refused refused) {
            host.metrics().onRejected(live.id(), command.request().records().remaining());
            command.answer(new AppendResult(
                    refused.error(), -1, -1, -1, -1, refused.recordErrors(), refused.message(), -1, -1));
        }
    }

    private void write(AppendCommand command, PartitionLog log, BatchVerdict.Valid valid) {
        ByteBuffer batch = valid.batch();
        AppendRequest request = command.request();
        AppendResult known = partition.checkProducer(
                batch, request, log.producers(), admission.admission(batch), admission.isTrusted(request));
        if (known != null) {
            if (known.error() == Errors.NONE) {
                acknowledge(command, log, known, commit.isAwaited(log, known.lastOffset() + 1));
            } else {
                command.answer(known);
            }
        } else if (acks.isFull()) {
            command.refuse(command.overloadError());
        } else if (!log.hasRoomFor(batch.remaining())) {
            park(command, log.whenRoomFor(batch.remaining()), () -> resume(command, valid));
        } else {
            Screening screening = ids.screen(log, valid);
            if (screening != null && screening.hasDuplicates()) {
                writeNew(command, log, valid, screening);
            } else if (log.wantsStaging(batch)) {
                stage(command, log, valid);
            } else {
                appendTo(log, command, valid);
            }
        }
    }

    /** Has a large batch brought to its place, and goes on as after any wait. */
    private void stage(AppendCommand command, PartitionLog log, BatchVerdict.Valid valid) {
        CompletionStage<Void> staged = log.stage(valid.batch());
        lent = command;
        staged.whenComplete((nothing, failure) -> {
            lent = null;
            live.guard(command, () -> resume(command, valid));
            if (!isHeldUp()) {
                log.unstage(); // if it was refused after all
            }
            goOn();
        });
    }

    /** Writes what is new in a batch of which some records came before. */
    private void writeNew(AppendCommand command, PartitionLog log, BatchVerdict.Valid valid, Screening screening) {
        DuplicateRemoval removal =
                new DuplicateRemoval(valid, screening, partition.config().maxDecompressedBytes());
        if (screening.undecided()) {
            command.answer(DuplicateRemoval.undecided());
        } else if (removal.leavesNothing()) {
            host.metrics().onDuplicatesDropped(live.id(), screening.duplicateCount());
            AppendResult known = removal.original(partition.logStartOffset());
            acknowledge(command, log, known, commit.isAwaited(log, known.lastOffset() + 1));
        } else if (removal.isQuick()) {
            write(command, log, removal.run());
        } else {
            judgeElsewhere(command, removal::run);
        }
    }

    private void appendTo(PartitionLog log, AppendCommand command, BatchVerdict.Valid valid) {
        ByteBuffer batch = valid.batch();
        int records = BatchHeader.lastOffsetDelta(batch, batch.position()) + 1;
        long startedNs = host.clock().monotonicNs();
        long baseOffset;
        try {
            baseOffset = log.append(batch, partition.leaderEpoch());
        } catch (LogFullException e) {
            host.metrics().onRejected(live.id(), batch.remaining());
            live.onDiskFull();
            command.answer(AppendResult.refused(Errors.KAFKA_STORAGE_ERROR, e.getMessage()));
            return;
        }
        host.metrics()
                .onAppended(
                        live.id(),
                        BatchHeader.recordCount(batch, batch.position()),
                        batch.remaining(),
                        host.clock().monotonicNs() - startedNs);
        partition.replayAppended(log, records);
        admission.onAppended(batch, command.request());
        ids.onAppended(valid, baseOffset);
        live.onAppended(log, batch.remaining());
        boolean awaitsSync = partition.wantsSync();
        if (awaitsSync) {
            partition.replaySyncAsked();
            commit.ask(log);
        } else {
            commit.askWithin(log, partition.config().flushMs());
        }
        AppendResult result = AppendResult.appended(
                MessageIdMemory.answeredOffset(valid, baseOffset),
                baseOffset + records - 1,
                valid.logAppendTimeMs(),
                partition.logStartOffset());
        acknowledge(command, log, result, awaitsSync);
        live.settle();
    }

    /** Replies now, or when the disk and the replicas that the request asks for have the records. */
    private void acknowledge(AppendCommand command, PartitionLog log, AppendResult result, boolean awaitsSync) {
        int wanted = partition.requiredAcks(command.request());
        long endOffset = result.lastOffset() + 1;
        long synced = wanted != 0 && awaitsSync && log.syncedOffset() < endOffset ? endOffset : -1;
        long replicated = wanted == -1 && partition.highWatermark() < endOffset ? endOffset : -1;
        if (synced < 0 && replicated < 0) {
            command.answer(acknowledgement(command, result));
            return;
        }
        long deadlineMs = host.clock().monotonicMs() + command.request().timeoutMs();
        acks.add(new PendingAck<>(command, result, replicated, synced, deadlineMs));
        watch(deadlineMs);
    }

    private AppendResult acknowledgement(AppendCommand command, AppendResult result) {
        return partition.requiredAcks(command.request()) == -1 && partition.lacksReplicas()
                ? AppendResult.refused(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND, null)
                : result;
    }

    /** Replies to all whose wait is over. */
    void settle(PartitionLog log) {
        PendingAck<AppendCommand> ready = acks.poll(log.syncedOffset(), partition.highWatermark());
        while (ready != null) {
            ready.token().answer(acknowledgement(ready.token(), ready.result()));
            ready = acks.poll(log.syncedOffset(), partition.highWatermark());
        }
    }

    private void watch(long deadlineMs) {
        if (ackTimer != null && ackTimerAtMs <= deadlineMs) {
            return;
        }
        if (ackTimer != null) {
            ackTimer.cancel();
        }
        ackTimerAtMs = deadlineMs;
        ackTimer = timers.after(Math.max(1, deadlineMs - host.clock().monotonicMs()), this::onDeadline);
    }

    private void onDeadline() {
        ackTimer = null;
        for (PendingAck<AppendCommand> late : acks.removeExpired(host.clock().monotonicMs())) {
            late.token().refuse(Errors.REQUEST_TIMED_OUT);
        }
        if (acks.count() > 0) {
            watch(acks.earliestDeadlineMs());
        }
    }

    /** Another leader or epoch: if we do not lead any more, nobody here can acknowledge what waits. */
    void onLeadership() {
        if (partition.isLeader()) {
            return;
        }
        admission.refuseAll(partition.notLeader());
        for (PendingAck<AppendCommand> pending : acks.removeAll()) {
            pending.token().answer(partition.notLeader());
        }
    }

    /** Sends away all that wait, except the one that a worker or the disk reads. */
    void refuseAll(Errors error) {
        refuseParked(error);
        refuseHeld(error);
        for (AppendCommand command = queue.poll(); command != null; command = queue.poll()) {
            command.refuse(error);
        }
        refuseAcks(error);
    }

    /** Sends away the append that waits for room in a log that is gone; those behind it see for themselves. */
    void refuseParked(Errors error) {
        AppendCommand waiting = parked;
        if (waiting != null) {
            parked = null;
            waiting.refuse(error);
            live.owner().execute(this::goOn);
        }
    }

    /** Sends away what waits for the coordinator's admission. */
    void refuseHeld(Errors error) {
        admission.refuseAll(AppendResult.refused(error, null));
    }

    /** Sends away what was appended but not acknowledged. */
    void refuseAcks(Errors error) {
        for (PendingAck<AppendCommand> pending : acks.removeAll()) {
            pending.token().refuse(error);
        }
    }
}
