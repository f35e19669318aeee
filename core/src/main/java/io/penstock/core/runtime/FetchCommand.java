package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter.PendingFetch;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogSlices;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A fetch on its way, parked, or being read. {@link #completeNow} is safe from any thread; the rest belongs to the claimer. */
final class FetchCommand extends PartitionCommand implements PendingFetch {
    /** No progress report is under way to the caller. */
    private static final int NO_REPORT = -1;

    private final FetchRequest request;
    private final FetchListener listener;

    /** Where to read; above the offset asked for once everything below was found to be hidden. Touched by the claimer only. */
    private long readOffset;

    private volatile boolean isWaitingOver;
    private volatile @Nullable LivePartition target;
    /** Newest progress not yet delivered; bounds the reports under way to one. */
    private final AtomicInteger report = new AtomicInteger(NO_REPORT);
    /** Touched on the caller's context only. */
    private boolean resultDelivered;

    FetchCommand(PartitionId partition, Caller caller, FetchRequest request, FetchListener listener) {
        super(partition, caller);
        this.request = request;
        this.listener = listener;
        this.readOffset = request.fetchOffset();
    }

    FetchRequest request() {
        return request;
    }

    /** First offset that may still be served. */
    long readOffset() {
        return readOffset;
    }

    /** Nothing below is served to this reader. */
    void readOnFrom(long offset) {
        readOffset = offset;
    }

    @Override
    void runOn(LivePartition newTarget) {
        target = newTarget;
        newTarget.fetch(this);
    }

    @Override
    public void completeNow() {
        isWaitingOver = true;
        LivePartition current = target;
        if (current != null) {
            current.owner().execute(() -> current.endWaiting(this));
        }
    }

    /** Bytes to wait for; none once somebody asked for the answer. */
    int minBytes() {
        return isWaitingOver ? 0 : request.minBytes();
    }

    /** Tells the listener how much could be read. */
    void reportWaiting(int availableBytes) {
        if (listener.followsWaiting() && report.getAndSet(availableBytes) == NO_REPORT) {
            toCaller(this::deliverReport);
        }
    }

    private void deliverReport() {
        int availableBytes = report.getAndSet(NO_REPORT);
        if (!resultDelivered) {
            listener.onWaiting(availableBytes);
        }
    }

    /** Gives the one result; if there was one already, its records are released. */
    void answer(FetchResult result) {
        if (startAnswer()) {
            toCaller(() -> {
                resultDelivered = true;
                listener.onResult(result);
            });
        } else {
            result.records().release();
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new FetchResult(error, -1, -1, -1, LogSlices.EMPTY, null, null, leaderId, leaderEpoch));
    }
}
