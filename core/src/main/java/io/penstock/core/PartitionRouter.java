package io.penstock.core;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.partition.ProducersResult;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests over the event bus to the verticle that owns the partition.
 *
 * <p>Call it on a Vert.x context. Never blocks, never throws for a partition that is unknown, moving or broken: every reply
 * callback is called exactly once, on the caller's context, with the error as a value. Requests of one caller reach a partition
 * in the order of the calls.
 */
public interface PartitionRouter {

    /**
     * Validates and appends. The reply comes when the acks that the request asks for are there, or at its time-out.
     *
     * <p>The records' memory must stay valid until the reply.
     */
    void append(PartitionId partition, AppendRequest request, Consumer<AppendResult> reply);

    /**
     * Reads from the partition, waiting inside its verticle while fewer than {@code minBytes} are there.
     *
     * @return handle to end the waiting
     */
    PendingFetch fetch(PartitionId partition, FetchRequest request, FetchListener listener);

    /** Answers ListOffsets. */
    void listOffset(PartitionId partition, OffsetQuery query, Consumer<OffsetResult> reply);

    /** Answers OffsetForLeaderEpoch: where the given epoch ended. */
    void epochEnd(PartitionId partition, int currentLeaderEpoch, int leaderEpoch, Consumer<EpochEndResult> reply);

    /** Moves the log start up to {@code offset}; -1 means the high watermark. */
    void deleteRecords(PartitionId partition, long offset, Consumer<DeleteRecordsResult> reply);

    /** Answers DescribeProducers: every producer that the partition remembers. */
    void producers(PartitionId partition, Consumer<ProducersResult> reply);

    /** Offsets, size and producers, for DescribeLogDirs and metrics. Does not open a log that is closed. */
    void status(PartitionId partition, Consumer<PartitionStatus> reply);

    /**
     * Where the partition lives: a caller on the same event loop saves two hops between threads. Safe from any thread.
     *
     * @return the thread that runs it; null if it is not here
     */
    @Nullable
    Thread home(PartitionId partition);

    /** A fetch that may still wait. Safe from any thread. */
    interface PendingFetch {
        /** Answer now with what is there. The listener still gets its one result. Later calls do nothing. */
        void completeNow();
    }
}
