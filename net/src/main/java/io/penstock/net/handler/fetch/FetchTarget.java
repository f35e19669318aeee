package io.penstock.net.handler.fetch;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogSlices;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition on its way through a {@link FetchExchange}, which owns it.
 *
 * <pre>
 * UNASKED ──ask──► ASKED ──onWaiting──► WAITING ──abandon──► ABANDONED
 *                    └──────onResult──────┴──► ANSWERED
 * </pre>
 */
final class FetchTarget {
    /** Where this partition stands. */
    enum State {
        UNASKED,
        ASKED,
        WAITING,
        ANSWERED,
        ABANDONED
    }

    private final RequestedPartition requested;
    private final PartitionId partition;

    private State state = State.UNASKED;
    private int availableBytes;
    private @Nullable FetchResult result;
    private PartitionRouter.@Nullable PendingFetch pending;

    FetchTarget(RequestedPartition requested, PartitionId partition) {
        this.requested = requested;
        this.partition = partition;
    }

    PartitionKey key() {
        return requested.key();
    }

    State state() {
        return state;
    }

    /** Most bytes that the client wants of this partition. */
    int maxBytes() {
        return requested.maxBytes();
    }

    /** Bytes that the waiting partition has reported, 0 in any other state. */
    int availableBytes() {
        return state == State.WAITING ? availableBytes : 0;
    }

    /** Bytes that came back. */
    int resultBytes() {
        return result == null ? 0 : result.records().sizeBytes();
    }

    /** What came back; null unless ANSWERED. */
    @Nullable
    FetchResult result() {
        return result;
    }

    void ask(
            PartitionRouter router,
            int maxBytes,
            boolean atLeastOne,
            boolean readCommitted,
            int minBytes,
            FetchListener by) {
        state = State.ASKED;
        FetchRequest request = new FetchRequest(
                requested.fetchOffset(),
                requested.currentLeaderEpoch(),
                requested.lastFetchedEpoch(),
                maxBytes,
                atLeastOne,
                readCommitted,
                minBytes);
        pending = router.fetch(partition, request, by);
    }

    void onWaiting(int nowAvailableBytes) {
        state = State.WAITING;
        availableBytes = nowAvailableBytes;
    }

    void onResult(FetchResult answer) {
        state = State.ANSWERED;
        result = answer;
    }

    /** Ends the waiting in the partition; its answer still comes. */
    void wake() {
        if (pending != null) {
            pending.completeNow();
        }
    }

    /** Does without this partition's answer, which its listener releases when it comes. */
    void abandon() {
        state = State.ABANDONED;
        wake();
    }

    /** Gives the records back and keeps the rest of the answer. */
    void dropRecords() {
        if (result != null) {
            result.records().release();
            result = new FetchResult(
                    result.error(),
                    result.highWatermark(),
                    result.lastStableOffset(),
                    result.logStartOffset(),
                    LogSlices.EMPTY,
                    result.abortedTransactions(),
                    result.diverging(),
                    result.leaderId(),
                    result.leaderEpoch());
        }
    }

    /** Whether the answer is something that the client should hear at once, though there are no records. */
    static boolean isUrgent(FetchResult answer) {
        return answer.error() != Errors.NONE || answer.diverging() != null;
    }
}
