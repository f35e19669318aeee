package io.penstock.core.runtime;

import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchResult;
import io.penstock.storage.fixture.RecordBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What callers hear from a partition, for assertions. */
final class Replies {
    private static final long PATIENCE_SECONDS = 20;

    private Replies() {}

    /** Waits for a future; fails the test if it takes too long. */
    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** A fetch listener that remembers. Safe from any thread. */
    static final class Fetched implements FetchListener {
        final List<Integer> waiting = new CopyOnWriteArrayList<>();
        final CompletableFuture<FetchResult> result = new CompletableFuture<>();
        final CompletableFuture<Integer> parked = new CompletableFuture<>();

        @Override
        public void onWaiting(int availableBytes) {
            if (result.isDone()) {
                throw new AssertionError("told to wait after the result");
            }
            waiting.add(availableBytes);
            parked.complete(availableBytes);
        }

        @Override
        public void onResult(FetchResult fetched) {
            if (!result.complete(fetched)) {
                throw new AssertionError("second result");
            }
        }

        FetchResult get() {
            return await(result);
        }

        /** The values of the records fetched; releases them. */
        List<String> values() {
            FetchResult fetched = get();
            List<String> values = new ArrayList<>(RecordBatches.values(RecordBatches.batches(fetched.records())));
            fetched.records().release();
            return values;
        }
    }
}
