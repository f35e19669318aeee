package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.api.NewRecord;
import io.penstock.core.api.RecordException;
import io.penstock.core.api.RecordWriter;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Collects records and sends them to their partition over the event bus: those of one turn at its end, as long as few batches are on
 * the way. Beyond that they wait for the next answer and go as one batch then. So a partition that was held up finds one batch of
 * what came meanwhile, not a batch for each turn, and has soon caught up. Owned by the context that made it.
 */
public final class PartitionWriter implements RecordWriter {
    private static final short ALL_REPLICAS = -1;
    private static final int TIMEOUT_MS = 30_000;
    private static final int DEFAULT_MAX_RECORDS = 10_000;
    /** A batch of that size does not wait for the end of the turn. */
    private static final int FULL_BYTES = 64 << 10;

    /** Enough that the partition never waits for the next one while an answer is under way. */
    static final int MAX_BATCHES_ON_THE_WAY = 4;

    private static final int FIRST_BYTES = 4 << 10;
    /** Memory of at most so many batches is kept, and none that a large record has made larger than this. */
    private static final int MAX_KEPT = 16;

    private static final int MAX_KEPT_BYTES = 2 * FULL_BYTES;

    private final ContextInternal context;
    private final PartitionRouter router;
    private final PartitionId partition;
    private final Clock clock;

    private BatchBuilder batch = new BatchBuilder(FIRST_BYTES);
    private List<Promise<Long>> promises = new ArrayList<>();
    private final ArrayDeque<BatchBuilder> spare = new ArrayDeque<>();
    private boolean isFlushDue;
    private int onTheWay;
    private int batchesOnTheWay;
    private int maxRecords = DEFAULT_MAX_RECORDS;
    private boolean wasFull;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Handler<Void> drainHandler;
    private @Nullable Promise<Void> ending;

    PartitionWriter(ContextInternal context, PartitionRouter router, PartitionId partition, Clock clock) {
        this.context = context;
        this.router = router;
        this.partition = partition;
        this.clock = clock;
    }

    @Override
    public Future<Long> send(NewRecord record) {
        checkContext();
        if (ending != null) {
            return context.failedFuture(new IllegalStateException("the writer has ended"));
        }
        if (batch.count() > 0 && BatchBuilder.contentBytes(record) >= FULL_BYTES) {
            flush(); // it may be refused for its size, and must not take others with it
        }
        batch.add(record, clock.wallMs());
        Promise<Long> promise = context.promise();
        promises.add(promise);
        onTheWay++;
        if (batch.sizeBytes() >= FULL_BYTES) {
            flush();
        } else if (!isFlushDue) {
            isFlushDue = true;
            context.runOnContext(turn -> onTurnEnd());
        }
        return promise.future();
    }

    private void onTurnEnd() {
        isFlushDue = false;
        if (batch.count() > 0 && batchesOnTheWay < MAX_BATCHES_ON_THE_WAY) {
            flush();
        }
    }

    private void flush() {
        BatchBuilder sent = batch;
        List<Promise<Long>> waiting = promises;
        BatchBuilder next = spare.poll();
        batch = next == null ? new BatchBuilder(FIRST_BYTES) : next;
        promises = new ArrayList<>(waiting.size());
        AppendRequest request = new AppendRequest(sent.build(), ALL_REPLICAS, TIMEOUT_MS, Origin.CLIENT);
        batchesOnTheWay++;
        router.append(partition, request, result -> {
            batchesOnTheWay--;
            keep(sent);
            if (!isFlushDue) {
                onTurnEnd(); // what has waited for an answer
            }
            settle(waiting, result);
        });
    }

    private void keep(BatchBuilder builder) {
        if (spare.size() < MAX_KEPT && builder.capacity() <= MAX_KEPT_BYTES) {
            builder.clear();
            spare.add(builder);
        }
    }

    private void settle(List<Promise<Long>> waiting, AppendResult result) {
        onTheWay -= waiting.size();
        if (result.error() == Errors.NONE) {
            for (int i = 0; i < waiting.size(); i++) {
                waiting.get(i).complete(result.baseOffset() + i);
            }
        } else {
            RecordException refusal = RecordErrors.of(result.error(), result.errorMessage());
            for (Promise<Long> promise : waiting) {
                promise.fail(refusal);
                if (exceptionHandler != null) {
                    exceptionHandler.handle(refusal);
                }
            }
        }
        onSettled();
    }

    private void onSettled() {
        if (wasFull && onTheWay <= maxRecords / 2) {
            wasFull = false;
            if (drainHandler != null) {
                drainHandler.handle(null);
            }
        }
        if (ending != null && onTheWay == 0) {
            ending.tryComplete();
        }
    }

    @Override
    public Future<Void> end() {
        checkContext();
        if (ending == null) {
            ending = context.promise();
            if (batch.count() > 0) {
                flush();
            }
            if (onTheWay == 0) {
                ending.complete();
            }
        }
        return ending.future();
    }

    @Override
    public boolean writeQueueFull() {
        wasFull |= onTheWay >= maxRecords;
        return onTheWay >= maxRecords;
    }

    @Override
    public RecordWriter setWriteQueueMaxSize(int records) {
        if (records < 1) {
            throw new IllegalArgumentException("at least one record must be let on its way: " + records);
        }
        maxRecords = records;
        return this;
    }

    @Override
    public RecordWriter exceptionHandler(@Nullable Handler<Throwable> handler) {
        exceptionHandler = handler;
        return this;
    }

    @Override
    public RecordWriter drainHandler(@Nullable Handler<Void> handler) {
        drainHandler = handler;
        return this;
    }

    private void checkContext() {
        if (!context.inThread()) {
            throw new IllegalStateException("a writer must be used on the context that made it");
        }
    }
}
