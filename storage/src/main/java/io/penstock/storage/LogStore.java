package io.penstock.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where the logs of one broker live: opens, lists and deletes them by {@link LogId}. Safe from any thread: holds no mutable state of a log. */
public interface LogStore extends AutoCloseable {

    /**
     * Opens a log, making it if it does not exist, recovering it if the last owner did not close it.
     *
     * @return stage completed on {@link LogContext#owner()}; fails with {@link LogOfflineException} if the files cannot be used
     */
    CompletionStage<PartitionLog> open(LogId id, LogConfig config, LogContext context);

    /** Deletes the files of a log that is not open. Unknown logs are no error. Blocks. */
    void delete(LogId id);

    /** Ids of all logs that have files. Blocks. */
    List<LogId> list();

    /** Bytes on disk of a log that is not open, 0 if unknown. Blocks. */
    long sizeBytes(LogId id);

    /** Releases what all logs share; every log must be closed before. Blocks. */
    @Override
    void close();
}
