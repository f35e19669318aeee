package io.penstock.net.handler;

import io.penstock.core.PartitionRouter.PendingFetch;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.storage.LogSlices;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** A partition that holds batches by size alone, one record each, and keeps fetches waiting as a real one does. */
public final class FakePartition {
    /** Every question, in order. */
    public final List<FetchRequest> fetches = new ArrayList<>();
    /** Every handed out piece of memory. */
    public final List<FakeSlices> handedOut = new ArrayList<>();

    public long logStartOffset;
    public Errors error = Errors.NONE;
    public int leaderId = -1;
    public int leaderEpoch = -1;

    private final List<Integer> batches = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();

    public long highWatermark() {
        return batches.size();
    }

    /** How many batches from an offset on make up so many bytes. */
    public int batchesIn(long fromOffset, int bytes) {
        int count = 0;
        for (int rest = bytes; rest > 0; count++) {
            rest -= batches.get((int) fromOffset + count);
        }
        return count;
    }

    public int waiting() {
        return waiters.size();
    }

    /** Adds one batch of one record. */
    public void append(int sizeBytes) {
        batches.add(sizeBytes);
        List.copyOf(waiters).forEach(Waiter::onAppend);
    }

    /** From now on every fetch fails, the waiting ones at once. */
    public void fail(Errors with) {
        error = with;
        List.copyOf(waiters).forEach(Waiter::completeNow);
    }

    PendingFetch fetch(FetchRequest request, FetchListener listener) {
        fetches.add(request);
        int available = available(request);
        Waiter waiter = new Waiter(request, listener);
        if (error == Errors.NONE && request.minBytes() > 0 && available < request.minBytes()) {
            waiters.add(waiter);
            listener.onWaiting(available);
        } else {
            listener.onResult(read(request));
        }
        return waiter;
    }

    private int available(FetchRequest request) {
        int bytes = 0;
        for (int i = (int) request.fetchOffset(); i < batches.size(); i++) {
            bytes += batches.get(i);
        }
        return bytes;
    }

    private FetchResult read(FetchRequest request) {
        if (error != Errors.NONE) {
            return new FetchResult(error, -1, -1, -1, LogSlices.EMPTY, null, null, leaderId, leaderEpoch);
        }
        int bytes = 0;
        for (int i = (int) request.fetchOffset(); i < batches.size(); i++) {
            boolean mustHave = bytes == 0 && request.atLeastOne();
            if (!mustHave && bytes + batches.get(i) > request.maxBytes()) {
                break;
            }
            bytes += batches.get(i);
        }
        return new FetchResult(
                Errors.NONE,
                highWatermark(),
                highWatermark(),
                logStartOffset,
                slices(bytes),
                request.readCommitted() ? List.of() : null,
                null,
                -1,
                -1);
    }

    private LogSlices slices(int bytes) {
        if (bytes == 0) {
            return LogSlices.EMPTY;
        }
        FakeSlices slices = new FakeSlices(bytes);
        handedOut.add(slices);
        return slices;
    }

    private final class Waiter implements PendingFetch {
        private final FetchRequest request;
        private final FetchListener listener;

        Waiter(FetchRequest request, FetchListener listener) {
            this.request = request;
            this.listener = listener;
        }

        void onAppend() {
            int available = available(request);
            if (available >= request.minBytes()) {
                completeNow();
            } else {
                listener.onWaiting(available);
            }
        }

        @Override
        public void completeNow() {
            if (waiters.remove(this)) {
                listener.onResult(read(request));
            }
        }
    }
}
