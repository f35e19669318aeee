package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;

/** Hears what partitions do, to count it. Called on event loops for every batch: must be quick and safe from any thread. */
public interface PartitionMetrics {
    /** Counts nothing. */
    PartitionMetrics NONE = new PartitionMetrics() {
        @Override
        public void onAppended(PartitionId partition, int records, int sizeBytes, long elapsedNs) {}

        @Override
        public void onRejected(PartitionId partition, int sizeBytes) {}

        @Override
        public void onFetched(PartitionId partition, int sizeBytes) {}

        @Override
        public void onLogOpen(int openLogs) {}
    };

    /** A batch is in the log; {@code elapsedNs} is the time that the log held up the event loop. */
    void onAppended(PartitionId partition, int records, int sizeBytes, long elapsedNs);

    /** A batch was refused for what it contains. */
    void onRejected(PartitionId partition, int sizeBytes);

    /** Records were handed to a reader. */
    void onFetched(PartitionId partition, int sizeBytes);

    /** Records were acknowledged but not written, because their message ids were there already. */
    default void onDuplicatesDropped(PartitionId partition, int records) {}

    /** The compaction has looked at the logs, or ended a run. */
    default void onCleaner(CleanerFigures figures) {}

    /** The number of open logs changed. */
    void onLogOpen(int openLogs);
}
