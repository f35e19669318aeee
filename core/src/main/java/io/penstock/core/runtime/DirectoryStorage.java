package io.penstock.core.runtime;

import io.penstock.core.BrokerStartException;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogStore;
import io.penstock.storage.chronicle.ChronicleLogStore;
import io.penstock.storage.chronicle.ChronicleRequirements;
import io.penstock.storage.chronicle.ChronicleWarmUp;
import io.penstock.storage.file.DataDirectory;
import io.penstock.storage.file.DataDirectoryBusyException;
import io.penstock.storage.file.DataDirectoryException;
import io.penstock.storage.file.DirectoryMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** Data in a directory that this broker holds alone from {@link #open} to {@link #close}. */
final class DirectoryStorage implements BrokerStorage {
    private final DataDirectory directory;
    private final LogStore logs;
    private final String clusterId;
    private final boolean isNew;

    private DirectoryStorage(DataDirectory directory, LogStore logs, String clusterId, boolean isNew) {
        this.directory = directory;
        this.logs = logs;
        this.clusterId = clusterId;
        this.isNew = isNew;
    }

    /**
     * Takes hold of the directory, and makes it this node's if it is new. Blocks.
     *
     * @throws BrokerStartException it is in use, unusable or another node's, or the JVM lacks flags; nothing is held
     */
    static DirectoryStorage open(Path path, int nodeId) {
        List<String> missingFlags = ChronicleRequirements.missingFlags();
        if (!missingFlags.isEmpty()) {
            throw new BrokerStartException(
                    Kind.BAD_CONFIGURATION,
                    "this JVM keeps data on disk only when started with " + String.join(" ", missingFlags)
                            + " (penstock.store=memory needs none)");
        }
        try {
            DataDirectory directory = DataDirectory.open(path);
            try {
                return openHeld(directory, nodeId);
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (DataDirectoryBusyException e) {
            throw new BrokerStartException(Kind.PORT_OR_DIRECTORY_BUSY, messageOf(e), e);
        } catch (DataDirectoryException e) {
            throw new BrokerStartException(Kind.BAD_CONFIGURATION, messageOf(e), e);
        } catch (IOException | UncheckedIOException e) {
            throw new BrokerStartException(Kind.FAILURE, "cannot use data directory " + path + ": " + messageOf(e), e);
        }
    }

    /** Loads what the first log of a JVM needs. Blocks; does nothing where the JVM lacks flags. */
    static void warmUp() {
        if (ChronicleRequirements.missingFlags().isEmpty()) {
            ChronicleWarmUp.run();
        }
    }

    private static DirectoryStorage openHeld(DataDirectory directory, int nodeId) throws IOException {
        DirectoryMeta meta = directory.meta();
        if (meta == null) {
            DirectoryMeta owner = new DirectoryMeta(Uuid.randomUuid().toString(), nodeId);
            directory.claim(owner);
            return new DirectoryStorage(directory, new ChronicleLogStore(directory.logs()), owner.clusterId(), true);
        }
        if (meta.nodeId() != nodeId) {
            throw new BrokerStartException(
                    Kind.BAD_CONFIGURATION,
                    "node.id is " + nodeId + ", but data directory " + directory.path() + " belongs to node "
                            + meta.nodeId());
        }
        return new DirectoryStorage(directory, new ChronicleLogStore(directory.logs()), meta.clusterId(), false);
    }

    private static String messageOf(Exception e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public LogStore logs() {
        return logs;
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public boolean isNew() {
        return isNew;
    }

    @Override
    public boolean mayHaveLostRecords() {
        return !isNew && !directory.wasCleanShutdown();
    }

    @Override
    public MetadataLog metadataLog(LogContext context, Clock clock) {
        return new MetadataJournal(logs, context, clock);
    }

    @Override
    public void close(boolean inOrder) {
        logs.close();
        try {
            if (inOrder) {
                directory.closeCleanly();
            } else {
                directory.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot let go of data directory " + directory.path(), e);
        }
    }
}
