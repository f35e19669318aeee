package io.penstock.storage.memory;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs in memory, within one bound for all of them. A log that is closed keeps its content here until it is opened again or deleted;
 * all of it goes with {@link #close} or with the process.
 *
 * <p>Safe from any thread: a concurrent map hands the content of each log from one owner to the next. Nothing here blocks.
 */
public final class InMemoryLogStore implements LogStore {
    /** Contents of closed logs; empty while a log is open. */
    private final ConcurrentHashMap<LogId, Optional<MemoryContent>> logs = new ConcurrentHashMap<>();

    private final MemoryBudget budget;

    /** @param maxBytes bound for the memory of all logs together; appends beyond it are refused */
    public InMemoryLogStore(long maxBytes) {
        budget = new MemoryBudget(maxBytes);
    }

    /** Memory in use for batches: whole chunks, also of deleted segments whose slices are still held. */
    public long usedBytes() {
        return budget.usedBytes();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config, LogContext context) {
        CompletableFuture<PartitionLog> opened = new CompletableFuture<>();
        context.owner().execute(() -> {
            Optional<MemoryContent> known = logs.put(id, Optional.empty());
            if (known != null && known.isEmpty()) {
                opened.completeExceptionally(new LogOfflineException("log " + id + " is open already"));
                return;
            }
            MemoryContent content =
                    known == null ? new MemoryContent(config.indexIntervalBytes(), budget) : known.orElseThrow();
            opened.complete(new InMemoryLog(id, config, context, this, content));
        });
        return opened;
    }

    void onClosed(LogId id, MemoryContent content) {
        logs.put(id, Optional.of(content));
    }

    void onDeleted(LogId id) {
        logs.remove(id);
    }

    @Override
    public void delete(LogId id) {
        Optional<MemoryContent> known = logs.get(id);
        if (known == null) {
            return;
        }
        MemoryContent content = known.orElseThrow(
                () -> new IllegalStateException("log " + id + " is open; delete it through the open log"));
        if (logs.remove(id, known)) {
            content.release();
        }
    }

    @Override
    public List<LogId> list() {
        return new ArrayList<>(logs.keySet());
    }

    @Override
    public long sizeBytes(LogId id) {
        return logs.getOrDefault(id, Optional.empty())
                .map(MemoryContent::sizeBytes)
                .orElse(0L);
    }

    @Override
    public void close() {
        logs.values().forEach(known -> known.ifPresent(MemoryContent::release));
        logs.clear();
    }
}
