package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * Logs on Chronicle Queue below one directory, which one process uses at a time: see
 * {@link io.penstock.storage.file.DataDirectory}. A log's parts are nested directories, the last one with an {@code @} at its end,
 * which no part can have.
 *
 * <p>Safe from any thread: a concurrent set knows which logs are open.
 */
public final class ChronicleLogStore implements LogStore {
    private static final String LOG_SUFFIX = "@";
    private static final int MAX_DEPTH = 4;

    private final Path root;
    private final StoreParts parts;
    private final Set<LogId> open = ConcurrentHashMap.newKeySet();

    /**
     * Makes the directory if it does not exist, and deletes what is left of deleted logs. Blocks.
     *
     * @throws IllegalStateException the JVM lacks what {@link ChronicleRequirements} names
     */
    public ChronicleLogStore(Path root) {
        ChronicleRequirements.check();
        this.root = root;
        Trash trash = new Trash(root);
        parts = new StoreParts(root, trash, new ReaderCache(), new CopyBuffers(), open::remove);
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + root, e);
        }
        trash.empty();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config, LogContext context) {
        CompletableFuture<PartitionLog> opened = new CompletableFuture<>();
        if (!open.add(id)) {
            context.owner()
                    .execute(() ->
                            opened.completeExceptionally(new LogOfflineException("log " + id + " is open already")));
            return opened;
        }
        try {
            context.disk().execute(() -> openOnDisk(id, config, context, opened));
        } catch (RejectedExecutionException busy) {
            open.remove(id);
            opened.completeExceptionally(busy);
        }
        return opened;
    }

    private void openOnDisk(LogId id, LogConfig config, LogContext context, CompletableFuture<PartitionLog> opened) {
        LogFiles files = filesOf(id);
        SegmentEventRelay events = new SegmentEventRelay();
        SegmentOpener opener = new SegmentOpener(files, context, events);
        try {
            LogState state = new LogRecovery(id, files, config, opener, context.disk()).recover();
            context.owner().execute(() -> opened.complete(new ChronicleLog(state, context, opener, parts, events)));
        } catch (IOException | RuntimeException | InternalError e) {
            open.remove(id);
            LogOfflineException offline = e instanceof LogOfflineException known
                    ? known
                    : new LogOfflineException("cannot open log " + id + ": " + e, e);
            context.owner().execute(() -> opened.completeExceptionally(offline));
        }
    }

    private LogFiles filesOf(LogId id) {
        Path directory = root;
        List<String> names = id.parts();
        for (int i = 0; i < names.size(); i++) {
            directory = directory.resolve(i == names.size() - 1 ? names.get(i) + LOG_SUFFIX : names.get(i));
        }
        return new LogFiles(directory);
    }

    @Override
    public void delete(LogId id) {
        if (open.contains(id)) {
            throw new IllegalStateException("log " + id + " is open; delete it through the open log");
        }
        try {
            parts.trash().delete(filesOf(id).directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete log " + id, e);
        }
    }

    @Override
    public List<LogId> list() {
        List<LogId> found = new ArrayList<>();
        try (Stream<Path> paths = Files.find(root, MAX_DEPTH, (path, attributes) -> isLog(path))) {
            paths.forEach(path -> found.add(idOf(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the logs in " + root, e);
        }
        return found;
    }

    private static boolean isLog(Path path) {
        return path.getFileName().toString().endsWith(LOG_SUFFIX);
    }

    private LogId idOf(Path directory) {
        List<String> names = new ArrayList<>();
        root.relativize(directory).forEach(name -> names.add(name.toString()));
        String last = names.remove(names.size() - 1);
        names.add(last.substring(0, last.length() - LOG_SUFFIX.length()));
        return new LogId(names);
    }

    @Override
    public long sizeBytes(LogId id) {
        try {
            return ClosedSize.of(filesOf(id));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the size of log " + id, e);
        }
    }

    @Override
    public void close() {
        parts.readers().close();
    }
}
