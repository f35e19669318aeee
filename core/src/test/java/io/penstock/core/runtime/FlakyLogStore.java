package io.penstock.core.runtime;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.memory.InMemoryLogStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Logs in memory whose disk does what the test wants: slow, full, broken, or without power. Owned by one test. */
final class FlakyLogStore implements LogStore {
    private final InMemoryLogStore memory = new InMemoryLogStore(512 << 20);
    private final Map<LogId, FlakyLog> open = new HashMap<>();
    /** What survives the loss of power, by log. */
    private final Map<LogId, Long> syncedOffsets = new HashMap<>();

    /** Opens fail while this is set. */
    boolean failOpens;
    /** Logs opened from now on hold their syncs. */
    boolean holdNewSyncs;
    /** Opens wait until the test lets them go on. */
    boolean holdOpens;

    private final List<Runnable> heldOpens = new ArrayList<>();
    int openCount;
    int slicesOut;

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config, LogContext context) {
        openCount++;
        if (failOpens) {
            CompletableFuture<PartitionLog> failed = new CompletableFuture<>();
            context.owner().execute(() -> failed.completeExceptionally(new LogOfflineException("cannot open")));
            return failed;
        }
        CompletableFuture<Void> go = new CompletableFuture<>();
        if (holdOpens) {
            heldOpens.add(() -> context.owner().execute(() -> go.complete(null)));
        } else {
            go.complete(null);
        }
        return go.thenCompose(ignored -> memory.open(id, config, context)).thenApply(log -> {
            FlakyLog flaky =
                    new FlakyLog(this, id, log, context.owner(), syncedOffsets.getOrDefault(id, log.endOffset()));
            open.put(id, flaky);
            return flaky;
        });
    }

    void releaseOpens() {
        holdOpens = false;
        List<Runnable> held = List.copyOf(heldOpens);
        heldOpens.clear();
        held.forEach(Runnable::run);
    }

    /** The log as it is open now. */
    FlakyLog log(LogId id) {
        FlakyLog log = open.get(id);
        if (log == null) {
            throw new IllegalStateException("log " + id + " is not open");
        }
        return log;
    }

    boolean isOpen(LogId id) {
        return open.containsKey(id);
    }

    /** The process dies, or with {@code powerCut} the machine: what was not synced is gone. Only after it may the log be opened again. */
    void crash(LogId id, boolean powerCut, Executor owner) {
        FlakyLog log = open.remove(id);
        if (log == null) {
            return;
        }
        owner.execute(() -> {
            if (powerCut) {
                done(log.inner().truncateTo(log.synced()));
            }
            onSynced(id, powerCut ? log.inner().endOffset() : log.synced());
            done(log.inner().close());
            log.die();
        });
    }

    private static void done(CompletionStage<Void> stage) {
        if (!stage.toCompletableFuture().isDone()) {
            throw new IllegalStateException("a log in memory should not wait");
        }
    }

    void onSynced(LogId id, long offset) {
        syncedOffsets.put(id, offset);
    }

    void onClosed(LogId id) {
        open.remove(id);
    }

    @Override
    public void delete(LogId id) {
        memory.delete(id);
        syncedOffsets.remove(id);
    }

    @Override
    public List<LogId> list() {
        return memory.list();
    }

    @Override
    public long sizeBytes(LogId id) {
        return memory.sizeBytes(id);
    }

    @Override
    public void close() {
        memory.close();
    }
}
