package io.penstock.storage.compact;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.CompactionConfig;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.CorruptBatchException;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.producer.ProducerStateTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * One run over a log: first {@link #collectKeys}, then {@link #rewrite} for each group of segments, oldest first. Knows batches, not
 * where they are. Used by one worker at a time; {@link #stop} is safe from any thread and ends it soon with
 * {@link CancellationException}.
 */
public final class CompactionRun implements AutoCloseable {
    private final CompactionConfig config;
    private final CompactionBudget budget;
    private final long nowMs;
    private final NewestOffsets newest;
    private final List<AbortedTransaction> aborted;
    private final TransactionTrace transactions;
    private final BatchFilter filter;
    private final long startOffset;
    private long bytesRead;
    private long bytesWritten;
    private volatile boolean stopped;

    /** The batches of one segment, in offset order. */
    public interface Batches {
        /**
         * Gives every batch to {@code visitor} until it wants no more. Blocks.
         *
         * @return false if the visitor ended it
         */
        boolean forEach(Visitor visitor) throws IOException;
    }

    /** Takes batches, each with a right checksum, good only during the call. */
    public interface Visitor {
        /** Whether it wants the next one. */
        boolean visit(ByteBuffer batch) throws IOException;
    }

    /** Takes what is left of a batch; the buffer is good only during the call. */
    public interface Sink {
        void add(ByteBuffer batch) throws IOException;
    }

    /**
     * Takes the memory for the table.
     *
     * @param cleanable what is to be compacted
     * @param nowMs wall-clock time
     * @param aborted every aborted transaction that has batches in it
     * @param lastOfProducers sorted
     */
    public CompactionRun(
            CompactionConfig config,
            CompactionBudget budget,
            Cleanable cleanable,
            List<AbortedTransaction> aborted,
            LastOffsets lastOfProducers,
            long nowMs) {
        this.config = config;
        this.budget = budget;
        this.nowMs = nowMs;
        startOffset = cleanable.firstDirtyOffset();
        newest = new NewestOffsets(
                budget.tableBytes(), budget.tableLoad(), cleanable.endOffset() - startOffset, startOffset);
        this.aborted = aborted;
        transactions = new TransactionTrace(aborted);
        filter = new BatchFilter(
                newest, transactions, lastOfProducers, nowMs, config.deleteRetentionMs(), config.maxUnpackedBytes());
    }

    /**
     * Reads the keys of the dirty segments, as far as the table has room.
     *
     * @return end of the part that is covered: segments that begin below are to be rewritten
     * @throws CompactionFailedException a batch cannot be read, or a single one has more keys than the table has room for
     */
    public long collectKeys(List<? extends Batches> dirty) throws IOException {
        boolean more = true;
        try (KeyCollector collector =
                new KeyCollector(newest, new TransactionTrace(aborted), startOffset, config.maxUnpackedBytes())) {
            for (int i = 0; i < dirty.size() && more; i++) {
                more = dirty.get(i).forEach(batch -> {
                    onRead(batch);
                    return collector.collect(batch);
                });
            }
        } catch (CorruptBatchException e) {
            throw new CompactionFailedException(String.valueOf(e.getMessage()), e);
        }
        if (!more && newest.coveredEndOffset() == startOffset) {
            throw new CompactionFailedException("the first batch at or above offset " + startOffset
                    + " has more keys than the table of " + budget.tableBytes()
                    + " bytes (log.cleaner.dedupe.buffer.size) has room for");
        }
        return newest.coveredEndOffset();
    }

    /**
     * Gives {@code sink} what is left of a group of segments.
     *
     * @param endOffset end of the group: the batch that reaches to it is kept, be it without records
     * @throws CompactionFailedException a batch cannot be read
     */
    public void rewrite(List<? extends Batches> group, long endOffset, Sink sink) throws IOException {
        try {
            for (Batches segment : group) {
                segment.forEach(batch -> {
                    onRead(batch);
                    bytesRead += batch.remaining();
                    ByteBuffer left =
                            filter.filter(batch, BatchHeader.lastOffset(batch, batch.position()) + 1 == endOffset);
                    if (left != null) {
                        sink.add(left);
                        bytesWritten += left.remaining();
                        budget.throttle().onBytes(left.remaining());
                    }
                    return true;
                });
            }
        } catch (CorruptBatchException e) {
            throw new CompactionFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The aborted transactions that end in what was rewritten since the last call, as far as something is left of them. */
    public List<AbortedTransaction> takeAborted() {
        return transactions.takeRetained();
    }

    /**
     * What the snapshot of producers before a group, which is to be rewritten next, must be afterwards: a transaction whose marker may go
     * must not be open in it for ever.
     *
     * @return the same bytes if nothing changes, or if they cannot be read: whoever needs them will see and go further back
     */
    public byte[] producersBefore(byte[] snapshot) {
        try {
            ProducerStateTable producers = ProducerStateTable.fromSnapshot(snapshot);
            if (producers.firstOpenTransactionOffset() < 0) {
                return snapshot;
            }
            producers.endTransactionsWithout(transactions::hasBatchesOf);
            return producers.toSnapshot();
        } catch (CorruptFileException | FutureVersionException e) {
            return snapshot;
        }
    }

    private void onRead(ByteBuffer batch) {
        if (stopped) {
            throw new CancellationException("the compaction was stopped");
        }
        budget.throttle().onBytes(batch.remaining());
    }

    /** Ends the run at the next batch. Safe from any thread. */
    public void stop() {
        stopped = true;
    }

    /** What it has come to so far. */
    public CompactionReport report(CompactionReport.Outcome outcome, long firstDirtyOffset) {
        return new CompactionReport(
                outcome,
                firstDirtyOffset,
                bytesRead,
                bytesWritten,
                filter.recordsRead(),
                filter.recordsKept(),
                newest.utilizationPercent());
    }

    /** Wall-clock time of the run. */
    public long nowMs() {
        return nowMs;
    }

    @Override
    public void close() {
        filter.close();
    }
}
