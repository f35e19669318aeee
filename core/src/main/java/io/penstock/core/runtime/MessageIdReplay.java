package io.penstock.core.runtime;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.dedup.MessageIdWindow;
import io.penstock.core.dedup.MessageIds;
import io.penstock.core.dedup.WindowCopy;
import io.penstock.core.partition.AbortedBatches;
import io.penstock.core.partition.MessageIdReader;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.CorruptBatchException;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a window from what was kept beside a log and from the log's tail: at most the last {@link DedupConfig#windowSize} offsets are
 * read, in pieces, by disk and compute threads; the owner only hands the pieces on. Used once.
 *
 * <p>The log does not say when a batch was appended, and a producer's timestamps are not to be believed: ids that are found in it count
 * from now, unless the broker itself has stamped them ({@code LogAppendTime}). So an id may be remembered for longer than it has to be.
 */
final class MessageIdReplay {
    private static final Logger LOGGER = LoggerFactory.getLogger(MessageIdReplay.class);
    private static final int PIECE_BYTES = 1 << 20;

    private final PartitionHost host;
    private final Executor owner;
    private final DedupConfig config;
    private final PartitionLog log;
    private final long endOffset;
    private final AbortedBatches aborted;
    /** First offset of each producer's open transaction. */
    private final Map<Long, Long> open = new HashMap<>();

    private final long nowMs;
    private final long wallMs;
    /** Touched by one task at a time. */
    private final MessageIdWindow window;

    private final MessageIdReader reader;

    MessageIdReplay(PartitionHost host, Executor owner, DedupConfig config, PartitionLog log) {
        this.host = host;
        this.owner = owner;
        this.config = config;
        this.log = log;
        this.endOffset = log.endOffset();
        this.aborted = new AbortedBatches(log.abortedTransactions(tailStart(), endOffset));
        for (ProducerState producer : log.producers().all()) {
            if (producer.openTransactionFirstOffset() >= 0) {
                open.put(producer.producerId(), producer.openTransactionFirstOffset());
            }
        }
        this.nowMs = host.clock().monotonicMs();
        this.wallMs = host.clock().wallMs();
        this.window = new MessageIdWindow(config);
        this.reader = new MessageIdReader(config);
    }

    /** Begins; completes on any thread. Called by the owner. */
    CompletionStage<MessageIdWindow> run() {
        return log.note()
                .thenApplyAsync(this::restore, host.compute())
                .thenComposeAsync(keptUpTo -> readFrom(Math.max(tailStart(), keptUpTo)), owner)
                .thenApply(done -> window);
    }

    private long tailStart() {
        return Math.max(log.startOffset(), endOffset - config.windowSize());
    }

    private long restore(byte @Nullable [] note) {
        try {
            return WindowCopy.restore(note, window, endOffset, nowMs, wallMs);
        } catch (IllegalArgumentException e) {
            LOGGER.atError()
                    .setCause(e)
                    .log("The message ids kept beside a log cannot be read; the log's tail must do");
            return 0;
        }
    }

    private CompletionStage<@Nullable Void> readFrom(long offset) {
        if (offset >= endOffset) {
            return CompletableFuture.completedFuture(null);
        }
        return log.readCold(offset, endOffset, PIECE_BYTES, true)
                .thenCompose(this::replayElsewhere)
                .thenComposeAsync(next -> next < 0 ? CompletableFuture.completedFuture(null) : readFrom(next), owner);
    }

    private CompletionStage<Long> replayElsewhere(LogSlices slices) {
        CompletableFuture<Long> next = new CompletableFuture<>();
        try {
            host.compute().execute(() -> {
                try {
                    next.complete(replay(slices));
                } catch (RuntimeException | OutOfMemoryError e) {
                    next.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            slices.release();
            next.completeExceptionally(e);
        }
        return next;
    }

    /** Takes over what a piece says; answers where the next one begins, -1 behind the last. */
    private long replay(LogSlices slices) {
        try {
            for (ByteBuffer buffer : slices.buffers()) {
                int at = buffer.position();
                while (at < buffer.limit()) {
                    int bytes = BatchHeader.sizeInBytes(buffer, at);
                    replayBatch(buffer.slice(at, bytes));
                    at += bytes;
                }
            }
            return slices.nextOffset();
        } finally {
            slices.release();
        }
    }

    /** Markers end transactions that the kept ids know as open. What the log has, its own indexes tell: the compaction may take markers. */
    private void replayBatch(ByteBuffer batch) {
        if (BatchHeader.isControl(batch, 0)) {
            MessageIdMemory.replayMarker(window, batch);
            return;
        }
        MessageIds ids = aborted.contains(batch, 0) ? null : readIds(batch);
        if (ids != null) {
            window.replayAppended(ids, null, BatchHeader.baseOffset(batch, 0), openTransactionOf(batch), timeOf(batch));
        }
    }

    private long openTransactionOf(ByteBuffer batch) {
        long producerId = MessageIdMemory.transactionOf(batch);
        return BatchHeader.baseOffset(batch, 0) >= open.getOrDefault(producerId, Long.MAX_VALUE) ? producerId : -1;
    }

    private @Nullable MessageIds readIds(ByteBuffer batch) {
        try {
            return reader.read(batch);
        } catch (CorruptBatchException e) {
            // Its checksum is right, so it is what was let in; consumers cannot read it either.
            LOGGER.atWarn()
                    .addKeyValue("offset", BatchHeader.baseOffset(batch, 0))
                    .setCause(e)
                    .log("The message ids of a batch cannot be read; they are passed over");
            return null;
        }
    }

    private long timeOf(ByteBuffer batch) {
        long ageMs =
                BatchHeader.isLogAppendTime(batch, 0) ? Math.max(0, wallMs - BatchHeader.maxTimestamp(batch, 0)) : 0;
        return nowMs - ageMs;
    }
}
