package io.penstock.core.runtime;

import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.Partition;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one partition that may wait for the disk: a few at a time, and bounded over the whole broker; the others wait in order.
 * They hold up neither appends nor hot reads.
 *
 * <p>Owned by one {@link LivePartition}.
 */
final class ColdReads {
    private final LivePartition live;
    private final PartitionHost host;
    private final FetchPath fetches;

    private final ArrayDeque<FetchCommand> waiting = new ArrayDeque<>();
    private final Set<FetchCommand> reading = new LinkedHashSet<>();

    ColdReads(LivePartition live, PartitionHost host, FetchPath fetches) {
        this.live = live;
        this.host = host;
        this.fetches = fetches;
    }

    boolean isBusy() {
        return !reading.isEmpty() || !waiting.isEmpty();
    }

    void read(FetchCommand command) {
        if (reading.size() < host.limits().maxColdReadsPerPartition()) {
            start(command);
        } else if (waiting.size() < host.limits().maxParkedFetches()) {
            waiting.add(command);
        } else {
            command.refuse(command.overloadError());
        }
    }

    private void start(FetchCommand command) {
        reading.add(command);
        host.coldReads().enter(() -> live.owner().execute(() -> readNow(command)));
    }

    private void readNow(FetchCommand command) {
        PartitionLog log = live.openLog();
        if (log == null || command.isAnswered()) {
            command.refuse(live.errorWhileShut());
            onEnd(command);
            return;
        }
        open(command, log).whenComplete((slices, failure) -> {
            if (failure == null) {
                live.guard(command, () -> onRead(command, log, slices));
            } else {
                onFailure(command, log, GroupCommit.unwrap(failure));
            }
            onEnd(command);
        });
    }

    private CompletionStage<LogSlices> open(FetchCommand command, PartitionLog log) {
        FetchRequest request = command.request();
        try {
            return log.readCold(
                    command.readOffset(),
                    live.visibleEndOffset(request.readCommitted()),
                    request.maxBytes(),
                    request.atLeastOne());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void onRead(FetchCommand command, PartitionLog log, LogSlices slices) {
        if (command.isAnswered() || live.openLog() != log) {
            slices.release();
            command.refuse(live.errorWhileShut());
        } else {
            fetches.onRead(command, log, slices);
        }
    }

    private void onFailure(FetchCommand command, PartitionLog log, Throwable failure) {
        if (failure instanceof OffsetOutOfRangeException) {
            command.refuse(Errors.OFFSET_OUT_OF_RANGE);
        } else if (failure instanceof LogOfflineException) {
            command.refuse(Errors.KAFKA_STORAGE_ERROR);
            live.onLogFailed(log, "read", failure);
        } else if (failure instanceof RejectedExecutionException) {
            command.refuse(command.overloadError());
        } else {
            live.onBug("read", failure);
            command.refuse(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    private void onEnd(FetchCommand command) {
        reading.remove(command);
        host.coldReads().leave();
        FetchCommand next = pollWaiting();
        if (next != null) {
            start(next);
        }
    }

    private @Nullable FetchCommand pollWaiting() {
        return reading.size() < host.limits().maxColdReadsPerPartition() ? waiting.poll() : null;
    }

    /** Refuses those that this broker may not answer any more. */
    void onLeadership(Partition partition) {
        for (FetchCommand command : all()) {
            Errors error = partition.checkLeader(command.request().currentLeaderEpoch());
            if (error != Errors.NONE) {
                command.refuse(
                        error, partition.role().leaderId(), partition.role().leaderEpoch());
            }
        }
        waiting.removeIf(FetchCommand::isAnswered);
    }

    /** Refuses all; reads under way release what they bring. */
    void refuseAll(Errors error) {
        all().forEach(command -> command.refuse(error));
        waiting.clear();
    }

    private List<FetchCommand> all() {
        List<FetchCommand> all = new ArrayList<>(reading);
        all.addAll(waiting);
        return all;
    }
}
