package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.api.RecordReader;
import io.penstock.core.api.StoredRecord;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.AbortedTransaction;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows one partition with fetches that wait in its verticle. While it is paused it asks for nothing, and holds the memory of one
 * fetch at most. Owned by the context that made it.
 */
public final class PartitionReader implements RecordReader {
    private static final int FETCH_BYTES = 256 << 10;
    /** Then others on the event loop get their turn. */
    private static final int MAX_RECORDS_PER_TURN = 256;

    private static final long RETRY_MS = 50;

    private final ContextInternal context;
    private final PartitionRouter router;
    private final PartitionId partition;
    private final BufferSupplier unpacking = BufferSupplier.create();
    private final FetchListener answers = new FetchListener() {
        @Override
        public void onWaiting(int availableBytes) {
            // It waits in the partition until there is something.
        }

        @Override
        public boolean followsWaiting() {
            return false;
        }

        @Override
        public void onResult(FetchResult result) {
            pending = null;
            onFetched(result);
        }
    };

    private long position;
    private long demand = Long.MAX_VALUE;
    private @Nullable FetchedRecords fetched;
    private PartitionRouter.@Nullable PendingFetch pending;
    private boolean isTurnDue;
    private boolean isDelivering;
    private boolean isOver;
    private @Nullable Handler<StoredRecord> handler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Handler<Void> endHandler;

    PartitionReader(ContextInternal context, PartitionRouter router, PartitionId partition, long position) {
        this.context = context;
        this.router = router;
        this.partition = partition;
        this.position = position;
    }

    @Override
    public long position() {
        return position;
    }

    // ---- demand

    @Override
    public RecordReader handler(@Nullable Handler<StoredRecord> newHandler) {
        checkContext();
        handler = newHandler;
        goOnLater();
        return this;
    }

    @Override
    public RecordReader pause() {
        checkContext();
        demand = 0;
        return this;
    }

    @Override
    public RecordReader resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public RecordReader fetch(long amount) {
        checkContext();
        if (amount < 0) {
            throw new IllegalArgumentException("amount must not be negative: " + amount);
        }
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        goOnLater();
        return this;
    }

    private boolean wants() {
        return handler != null && demand > 0 && !isOver;
    }

    /** Handlers are not called from within the calls of their owner. */
    private void goOnLater() {
        if (wants() && !isTurnDue && !isDelivering) {
            isTurnDue = true;
            context.runOnContext(turn -> {
                isTurnDue = false;
                goOn();
            });
        }
    }

    // ---- delivery

    private void goOn() {
        isDelivering = true;
        try {
            deliver();
        } catch (KafkaException e) {
            fail(Errors.CORRUPT_MESSAGE, e.getMessage());
        } finally {
            isDelivering = false;
        }
        if (wants() && fetched == null) {
            ask();
        } else {
            goOnLater();
        }
    }

    private void deliver() {
        for (int delivered = 0; delivered < MAX_RECORDS_PER_TURN && wants() && fetched != null; delivered++) {
            FetchedRecords current = fetched;
            StoredRecord record = current.next();
            if (record == null) {
                position = Math.max(position, current.nextOffset());
                fetched = null;
                current.release();
                return;
            }
            position = record.offset() + 1;
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            if (handler != null) {
                handler.handle(record);
            }
        }
    }

    // ---- fetching

    private void ask() {
        if (pending != null) {
            return;
        }
        FetchRequest request = new FetchRequest(position, -1, -1, FETCH_BYTES, true, true, 1);
        pending = router.fetch(partition, request, answers);
    }

    private void onFetched(FetchResult result) {
        if (isOver) {
            result.records().release();
        } else if (result.error() != Errors.NONE) {
            onRefused(result.error());
        } else if (result.records().sizeBytes() == 0) {
            result.records().release();
            goOnAfterAWhile();
        } else {
            List<AbortedTransaction> aborted = result.abortedTransactions();
            fetched = new FetchedRecords(result.records(), aborted == null ? List.of() : aborted, position, unpacking);
            goOn();
        }
    }

    /** What may be over in a moment is waited for; a deleted topic or place is not. */
    private void onRefused(Errors error) {
        if (error.exception() instanceof RetriableException
                && error != Errors.UNKNOWN_TOPIC_ID
                && error != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
            goOnAfterAWhile();
        } else {
            fail(error, null);
        }
    }

    private void goOnAfterAWhile() {
        context.owner().setTimer(RETRY_MS, fired -> context.runOnContext(turn -> goOnLater()));
    }

    private void fail(Errors error, @Nullable String message) {
        isOver = true;
        release();
        if (exceptionHandler != null) {
            exceptionHandler.handle(RecordErrors.of(error, message));
        }
        if (endHandler != null) {
            endHandler.handle(null);
        }
    }

    // ---- end

    @Override
    public Future<Void> close() {
        checkContext();
        isOver = true;
        PartitionRouter.PendingFetch waiting = pending;
        if (waiting != null) {
            waiting.completeNow();
        }
        if (!isDelivering) {
            release();
        } else {
            context.runOnContext(turn -> release());
        }
        return context.succeededFuture();
    }

    private void release() {
        FetchedRecords current = fetched;
        if (current != null) {
            fetched = null;
            current.release();
        }
        unpacking.close();
    }

    @Override
    public RecordReader exceptionHandler(@Nullable Handler<Throwable> newHandler) {
        exceptionHandler = newHandler;
        return this;
    }

    @Override
    public RecordReader endHandler(@Nullable Handler<Void> newHandler) {
        endHandler = newHandler;
        return this;
    }

    private void checkContext() {
        if (!context.inThread()) {
            throw new IllegalStateException("a reader must be used on the context that made it");
        }
    }
}
