package io.penstock.core.runtime;

import io.penstock.core.partition.BatchValidator;
import io.penstock.storage.LogStore;
import java.util.concurrent.Executor;

/**
 * What all partitions of one broker share. Every part is safe from any thread.
 *
 * @param disk runs work of logs that may wait for the disk; throws when full, as {@link DiskWorkers} does
 * @param compute runs validations that would hold up an event loop
 * @param coldReads bounds the cold reads under way
 * @param admissions whom to ask about transactions
 * @param validators one for each thread: they hold scratch buffers
 */
record PartitionHost(
        int nodeId,
        LogStore store,
        Executor disk,
        Executor compute,
        Clock clock,
        PartitionLimits limits,
        PartitionMetrics metrics,
        OpenLogs openLogs,
        Turnstile coldReads,
        TransactionAdmissions admissions,
        ThreadLocal<BatchValidator> validators) {

    static PartitionHost create(
            int nodeId,
            LogStore store,
            Executor disk,
            Executor compute,
            Clock clock,
            PartitionLimits limits,
            PartitionMetrics metrics,
            TransactionAdmissions admissions) {
        return new PartitionHost(
                nodeId,
                store,
                disk,
                compute,
                clock,
                limits,
                metrics,
                new OpenLogs(limits, metrics),
                new Turnstile(limits.maxColdReads()),
                admissions,
                ThreadLocal.withInitial(BatchValidator::new));
    }
}
