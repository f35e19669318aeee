package io.penstock.core.runtime;

import io.penstock.core.partition.AbortedBatches;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.FetchResult.DivergingEpoch;
import io.penstock.core.partition.FetchWaiters;
import io.penstock.core.partition.HiddenPlace;
import io.penstock.core.partition.Partition;
import io.penstock.core.partition.VisibleBytes;
import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.epoch.LeaderEpochs.EpochEnd;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a fetch: refused, answered from hot memory, sent to the cold reads, or parked until enough has come.
 *
 * <p>Owned by one {@link LivePartition}.
 */
final class FetchPath {
    private final LivePartition live;
    private final Partition partition;
    private final PartitionHost host;
    private final ColdReads coldReads;
    private final FetchWaiters<FetchCommand> waiters;
    private final VisibleBytes bytes = new VisibleBytes();

    FetchPath(LivePartition live, Partition partition, PartitionHost host) {
        this.live = live;
        this.partition = partition;
        this.host = host;
        this.coldReads = new ColdReads(live, host, this);
        this.waiters = new FetchWaiters<>(host.limits().maxParkedFetches());
    }

    /** Whether something is being read: then the log must stay open. Parked fetches do not need it. */
    boolean isBusy() {
        return coldReads.isBusy();
    }

    void fetch(FetchCommand command) {
        FetchRequest request = command.request();
        Errors error = partition.checkLeader(request.currentLeaderEpoch());
        if (error != Errors.NONE) {
            refuse(command, error);
        } else if (canAnswerWithoutLog(request)) {
            finishOrPark(command, LogSlices.EMPTY);
        } else {
            PartitionLog log = live.openFor(command);
            if (log != null) {
                evaluate(command, log);
            }
        }
    }

    /** At the end of a log that is closed because nobody writes, the many idle consumers must not open it again. */
    private boolean canAnswerWithoutLog(FetchRequest request) {
        return live.openLog() == null
                && partition.isOpened()
                && live.canOpen()
                && request.lastFetchedEpoch() < 0
                && request.fetchOffset() == partition.logEndOffset()
                && request.fetchOffset() == partition.visibleEndOffset(request.readCommitted());
    }

    private void evaluate(FetchCommand command, PartitionLog log) {
        FetchRequest request = command.request();
        if (request.lastFetchedEpoch() >= 0 && answersDivergence(command, log)) {
            return;
        }
        long offset = command.readOffset();
        if (offset < partition.logStartOffset() || offset > partition.logEndOffset()) {
            refuse(command, Errors.OFFSET_OUT_OF_RANGE);
            return;
        }
        long end = partition.visibleEndOffset(request.readCommitted());
        if (offset >= end) {
            finishOrPark(command, LogSlices.EMPTY);
            return;
        }
        LogSlices slices = log.readHot(offset, end, request.maxBytes(), request.atLeastOne());
        if (slices == null) {
            coldReads.read(command);
        } else {
            onRead(command, log, slices);
        }
    }

    /** Tells a client whose log has parted from ours where (KIP-595). */
    private boolean answersDivergence(FetchCommand command, PartitionLog log) {
        FetchRequest request = command.request();
        EpochEnd end = log.leaderEpochs().endOffsetFor(request.lastFetchedEpoch(), log.endOffset());
        if (end.leaderEpoch() < 0 || end.endOffset() < 0 || request.fetchOffset() < partition.logStartOffset()) {
            refuse(command, Errors.OFFSET_OUT_OF_RANGE);
            return true;
        }
        if (end.leaderEpoch() >= request.lastFetchedEpoch() && end.endOffset() >= request.fetchOffset()) {
            return false;
        }
        answer(
                command,
                LogSlices.EMPTY,
                noTransactions(request),
                new DivergingEpoch(end.leaderEpoch(), end.endOffset()));
        return true;
    }

    /** Records have been read, hot or cold: answer, or wait for more. Takes the slices over. */
    void onRead(FetchCommand command, PartitionLog log, LogSlices slices) {
        if (!partition.hidesAborted() || slices.sizeBytes() == 0) {
            onServable(command, log, slices);
            return;
        }
        try {
            onRange(command, log, slices);
        } finally {
            slices.release();
        }
    }

    /** Serves what everybody may see of what was read; the slices stay the caller's. */
    private void onRange(FetchCommand command, PartitionLog log, LogSlices slices) {
        AbortedBatches hidden = new AbortedBatches(log.abortedTransactions(command.readOffset(), slices.nextOffset()));
        LogSlices servable = hidden.outOf(slices.retain());
        if (servable.sizeBytes() > 0) {
            onServable(command, log, servable);
        } else {
            onHidden(command, slices, log);
        }
    }

    /**
     * All that was read is hidden. An answer without records would leave the client where it is, so what comes behind takes it on: if
     * nothing does yet, as when the markers are behind a transaction that is open, a batch without records.
     */
    private void onHidden(FetchCommand command, LogSlices hidden, PartitionLog log) {
        if (hidden.nextOffset() >= partition.visibleEndOffset(false)) {
            onServable(command, log, HiddenPlace.of(hidden));
        } else {
            command.readOnFrom(hidden.nextOffset());
            live.owner().execute(() -> live.guard(command, () -> fetch(command)));
        }
    }

    private void onServable(FetchCommand command, PartitionLog log, LogSlices slices) {
        FetchRequest request = command.request();
        boolean hasMore = slices.nextOffset() < partition.visibleEndOffset(request.readCommitted());
        if (!hasMore && slices.sizeBytes() < command.minBytes() && !waiters.isFull()) {
            int available = slices.sizeBytes();
            slices.release();
            park(command, available);
            return;
        }
        List<AbortedTransaction> aborted = request.readCommitted() && slices.sizeBytes() > 0
                ? log.abortedTransactions(request.fetchOffset(), slices.nextOffset())
                : noTransactions(request);
        answer(command, slices, aborted, null);
    }

    private void finishOrPark(FetchCommand command, LogSlices nothing) {
        if (command.minBytes() <= 0 || waiters.isFull()) {
            answer(command, nothing, noTransactions(command.request()), null);
        } else {
            park(command, 0);
        }
    }

    private void park(FetchCommand command, int availableBytes) {
        FetchRequest request = command.request();
        long visible = bytes.upTo(partition.visibleEndOffset(request.readCommitted()));
        boolean committedOnly = partition.seesCommittedOnly(request.readCommitted());
        waiters.park(command, committedOnly, availableBytes, request.minBytes(), visible);
        command.reportWaiting(availableBytes);
    }

    private static @Nullable List<AbortedTransaction> noTransactions(FetchRequest request) {
        return request.readCommitted() ? List.of() : null;
    }

    private void answer(
            FetchCommand command,
            LogSlices records,
            @Nullable List<AbortedTransaction> aborted,
            @Nullable DivergingEpoch diverging) {
        host.metrics().onFetched(live.id(), records.sizeBytes());
        command.answer(new FetchResult(
                Errors.NONE,
                highWatermarkFor(command.request()),
                partition.lastStableOffset(),
                partition.logStartOffset(),
                records,
                aborted,
                diverging,
                -1,
                -1));
    }

    /** Where only committed records are served, the log ends for everybody at the last stable offset. */
    private long highWatermarkFor(FetchRequest request) {
        return request.readCommitted() ? partition.highWatermark() : partition.visibleEndOffset(false);
    }

    private void refuse(FetchCommand command, Errors error) {
        command.refuse(error, partition.role().leaderId(), partition.role().leaderEpoch());
    }

    /**
     * The log was opened, perhaps with records that become visible only later. How many bytes they are is not known; too high a
     * number only makes waiting fetches look once more.
     */
    void onOpened(PartitionLog log) {
        if (partition.lastStableOffset() < log.endOffset()) {
            bytes.append(log.endOffset(), (int) Math.min(Integer.MAX_VALUE, log.sizeBytes()));
        }
    }

    /** A batch of so many bytes now ends the log. */
    void onAppended(long endOffset, int sizeBytes) {
        bytes.append(endOffset, sizeBytes);
    }

    /** Completes, in this turn, the fetches for which enough has become visible. */
    void settle() {
        if (waiters.count() > 0) {
            waiters.onVisible(
                    bytes.upTo(partition.highWatermark()),
                    bytes.upTo(partition.lastStableOffset()),
                    FetchCommand::reportWaiting);
            runReady();
        }
        bytes.forgetBelow(partition.lastStableOffset());
    }

    private void runReady() {
        for (FetchCommand next = waiters.pollReady(); next != null; next = waiters.pollReady()) {
            FetchCommand ready = next;
            live.guard(ready, () -> fetch(ready));
        }
    }

    /** The caller will not wait any longer. */
    void endWaiting(FetchCommand command) {
        if (waiters.remove(command)) {
            live.guard(command, () -> fetch(command));
        }
    }

    /** Sends away those that another leader must answer now; the others wait on. */
    void onLeadership() {
        coldReads.onLeadership(partition);
        for (FetchCommand command : waiters.removeAll()) {
            live.guard(command, () -> fetch(command));
        }
    }

    /** Sends away all that wait or are being read. */
    void refuseAll(Errors error) {
        coldReads.refuseAll(error);
        for (FetchCommand command : waiters.removeAll()) {
            refuse(command, error);
        }
    }
}
