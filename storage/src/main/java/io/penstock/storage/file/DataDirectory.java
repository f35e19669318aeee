package io.penstock.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one broker keeps everything in, held exclusively from {@link #open} to {@link #close}.
 *
 * <pre>
 * .lock            locked while a broker runs; its process id in ASCII
 * meta             checkpoint file: cluster id and node id; not there before the first {@link #claim}
 * clean-shutdown   empty; there only between an orderly {@link #closeCleanly} and the next open
 * logs/            the logs
 * </pre>
 *
 * <p>Order on the disk. Opening: lock, read {@code meta}, and only then write anything; {@code clean-shutdown} is deleted and that
 * synced before the caller can write a log, so a marker always speaks of the last run. Closing: the caller has closed every log, then
 * the marker is created and synced, then the lock is let go.
 *
 * <p>Owned by whoever starts the broker. Every method blocks.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String META = "meta";
    private static final String KAFKA_META = "meta.properties";
    private static final String CLEAN_SHUTDOWN = "clean-shutdown";
    private static final String LOGS = "logs";

    private final Path path;
    private final DirectoryLock lock;
    private final boolean cleanShutdown;
    private @Nullable DirectoryMeta meta;
    private boolean closed;

    private DataDirectory(Path path, DirectoryLock lock, @Nullable DirectoryMeta meta, boolean cleanShutdown) {
        this.path = path;
        this.lock = lock;
        this.meta = meta;
        this.cleanShutdown = cleanShutdown;
    }

    /**
     * Creates the directory, and what is missing above it, locks it, and reads what is in it.
     *
     * @throws DataDirectoryBusyException another process, or this one, has it open
     * @throws DataDirectoryException it cannot be created, is no directory, not writable, damaged, of a future version, or of Apache Kafka
     */
    public static DataDirectory open(Path path) throws DataDirectoryException {
        try {
            create(path);
            refuseOneOfKafka(path);
            DirectoryLock lock = DirectoryLock.take(path);
            boolean opened = false;
            try {
                DataDirectory directory = openLocked(path, lock);
                opened = true;
                return directory;
            } finally {
                if (!opened) {
                    lock.release();
                }
            }
        } catch (DataDirectoryException e) {
            throw e;
        } catch (CorruptFileException | FutureVersionException e) {
            throw new DataDirectoryException("data directory " + path + " cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DataDirectoryException("data directory " + path + " cannot be used: " + reason(e), e);
        }
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = path.toAbsolutePath().normalize().getParent();
        if (Files.exists(path)) {
            throw new DataDirectoryException("data directory " + path + " is not a directory");
        }
        if (parent == null) {
            throw new DataDirectoryException("data directory " + path + " cannot be created: it has no parent");
        }
        create(parent);
        Files.createDirectory(path);
        DurableFiles.syncDirectory(parent);
    }

    /** Else it would look as if everything in it were lost. */
    private static void refuseOneOfKafka(Path path) throws DataDirectoryException {
        if (Files.exists(path.resolve(KAFKA_META))) {
            throw new DataDirectoryException("data directory " + path + " holds data of Apache Kafka (" + KAFKA_META
                    + "), which Penstock cannot read; name another one in log.dirs, and copy the topics with clients");
        }
    }

    private static DataDirectory openLocked(Path path, DirectoryLock lock) throws IOException {
        byte[] metaBytes = new CheckpointFile(path.resolve(META)).read();
        DirectoryMeta meta = metaBytes == null
                ? null
                : DirectoryMeta.fromBytes(metaBytes, path.resolve(META).toString());
        // From here on the directory is known to be ours to change.
        lock.writePid();
        Files.createDirectories(path.resolve(LOGS));
        boolean cleanShutdown = Files.deleteIfExists(path.resolve(CLEAN_SHUTDOWN));
        DurableFiles.syncDirectory(path);
        return new DataDirectory(path, lock, meta, cleanShutdown);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission to write " + e.getMessage();
        }
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason() + " (" + failed.getFile() + ")";
        }
        return String.valueOf(e.getMessage());
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** The directory below which logs live; exists. */
    public Path logs() {
        return path.resolve(LOGS);
    }

    /** Whom the directory belongs to; null while it is new. */
    public @Nullable DirectoryMeta meta() {
        return meta;
    }

    /** Whether the last run ended in {@link #closeCleanly}. False for a new directory, which has nothing to recover either. */
    public boolean wasCleanShutdown() {
        return cleanShutdown;
    }

    /** Writes down whom a new directory belongs to; when this returns, that survives the loss of power. Idempotent. */
    public void claim(DirectoryMeta owner) throws IOException {
        if (owner.equals(meta)) {
            return;
        }
        if (meta != null) {
            throw new DataDirectoryException(
                    "data directory " + path + " belongs to " + meta + ", it cannot be claimed for " + owner);
        }
        new CheckpointFile(path.resolve(META)).write(owner.toBytes());
        meta = owner;
    }

    /** Marks the shutdown as clean and lets go of the directory. Call it after every log was closed. Idempotent. */
    public void closeCleanly() throws IOException {
        if (closed) {
            return;
        }
        try {
            DurableFiles.replace(path.resolve(CLEAN_SHUTDOWN), ByteBuffer.allocate(0));
        } finally {
            close();
        }
    }

    /** Lets go of the directory; the next open sees an unclean shutdown. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            lock.release();
        }
    }
}
