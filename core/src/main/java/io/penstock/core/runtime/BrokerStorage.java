package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataLog;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogStore;

/** Where one broker keeps its data. Safe from any thread: every part of it is. */
interface BrokerStorage {
    /** The logs of partitions, and of metadata where that is kept. */
    LogStore logs();

    /** The cluster this data belongs to; made up when the data is new. */
    String clusterId();

    /** Whether no broker ever used it before. */
    boolean isNew();

    /** Whether the last run did not end in order, so that records which were not synced may be gone. */
    boolean mayHaveLostRecords();

    /** The metadata log, not open yet, for one owner. */
    MetadataLog metadataLog(LogContext context, Clock clock);

    /**
     * Lets go of everything. All logs must be closed. Blocks.
     *
     * @param inOrder whether every log was closed without a failure
     */
    void close(boolean inOrder);
}
