package io.penstock.core.runtime;

import io.penstock.core.metadata.Decision;
import io.penstock.core.metadata.ImageRecords;
import io.penstock.core.metadata.JournalReplay;
import io.penstock.core.metadata.MetadataBatchCodec;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogSlices;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log of a broker on its own: an ordinary log of the broker's store, so that checksums, torn tails and syncs are
 * those of partitions. Snapshots stand in the log itself; once one is synced, the log's start moves up to it.
 *
 * <p>Owned by the thread behind {@link LogContext#owner()}. The order on disk makes every crash harmless: a snapshot without end
 * mark is cut off at the next start; one that is whole but not yet the log's start is replayed after what it replaces.
 */
final class MetadataJournal implements MetadataLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataJournal.class);

    /** Where the log lives; no topic may have this name. */
    static final LogId LOG_ID = LogId.of("__cluster_metadata", "0");

    private static final int READ_BYTES = 4 << 20;
    private static final int SNAPSHOT_BATCH_BYTES = 256 << 10;
    private static final int MIN_SNAPSHOT_BYTES = 4 << 20;
    private static final LogConfig CONFIG =
            new LogConfig(64 << 20, Long.MAX_VALUE, 0, -1, -1, false, 0, 4096, Decision.MAX_BYTES, Long.MAX_VALUE);

    private final LogStore store;
    private final LogContext context;
    private final Clock clock;
    private @Nullable PartitionLog log;
    private CompletionStage<@Nullable Void> trimming = CompletableFuture.completedStage(null);
    private long bytesSinceSnapshot;
    private long snapshotBytes;

    MetadataJournal(LogStore store, LogContext context, Clock clock) {
        this.store = store;
        this.context = context;
        this.clock = clock;
    }

    @Override
    public CompletionStage<MetadataImage> open() {
        return store.open(LOG_ID, CONFIG, context).thenCompose(opened -> {
            log = opened;
            long startMs = clock.monotonicMs();
            JournalReplay replay = new JournalReplay(opened.startOffset());
            return replayFrom(opened, opened.startOffset(), replay)
                    .thenCompose(read -> finish(opened, replay))
                    .whenComplete((image, failure) -> LOGGER.atInfo()
                            .addKeyValue("startOffset", opened.startOffset())
                            .addKeyValue("endOffset", opened.endOffset())
                            .addKeyValue("elapsedMs", clock.monotonicMs() - startMs)
                            .log("Read the metadata journal"));
        });
    }

    private CompletionStage<Void> replayFrom(PartitionLog opened, long offset, JournalReplay replay) {
        if (offset >= opened.endOffset()) {
            return CompletableFuture.completedStage(null);
        }
        return opened.readCold(offset, opened.endOffset(), READ_BYTES, true).thenCompose(slices -> {
            long nextOffset = slices.nextOffset();
            try {
                replay(slices, opened.startOffset(), replay);
            } finally {
                slices.release();
            }
            return replayFrom(opened, nextOffset, replay);
        });
    }

    private void replay(LogSlices slices, long startOffset, JournalReplay replay) {
        for (ByteBuffer batches : slices.buffers()) {
            bytesSinceSnapshot += batches.remaining();
            MetadataBatchCodec.decode(batches, (offset, record) -> {
                if (offset < startOffset) {
                    return; // the log's start lies inside a batch only if somebody else moved it
                }
                replay.replay(offset, record);
                if (record.kind() == MetadataRecord.Kind.SNAPSHOT_ENDED) {
                    snapshotBytes = bytesSinceSnapshot;
                    bytesSinceSnapshot = 0;
                }
            });
        }
    }

    private CompletionStage<MetadataImage> finish(PartitionLog opened, JournalReplay replay) {
        MetadataImage image = replay.image();
        long unfinished = replay.unfinishedSnapshotOffset();
        if (unfinished < 0) {
            return CompletableFuture.completedStage(image.at(opened.endOffset()));
        }
        LOGGER.atInfo()
                .addKeyValue("offset", unfinished)
                .log("Cutting off a metadata snapshot that a crash left unfinished");
        return opened.truncateTo(unfinished).thenApply(cut -> image.at(opened.endOffset()));
    }

    @Override
    public long append(List<MetadataRecord> records) {
        return append(MetadataBatchCodec.encode(records, clock.wallMs()));
    }

    private long append(ByteBuffer batch) {
        bytesSinceSnapshot += batch.remaining();
        return opened().append(batch, LEADER_EPOCH);
    }

    @Override
    public CompletionStage<Void> sync() {
        return opened().sync().thenApply(syncedOffset -> null);
    }

    @Override
    public boolean isSnapshotDue() {
        return bytesSinceSnapshot > Math.max(MIN_SNAPSHOT_BYTES, 4 * snapshotBytes);
    }

    @Override
    public CompletionStage<Long> snapshot(MetadataImage image) {
        long nowMs = clock.wallMs();
        // Encoded off the owner: an image of ten thousand topics takes tens of milliseconds.
        return CompletableFuture.supplyAsync(
                        () -> MetadataBatchCodec.encodeAll(ImageRecords.snapshot(image), SNAPSHOT_BATCH_BYTES, nowMs),
                        context.disk())
                .thenApplyAsync(this::appendSnapshot, context.owner());
    }

    private long appendSnapshot(List<ByteBuffer> batches) {
        long startOffset = opened().endOffset();
        bytesSinceSnapshot = 0;
        batches.forEach(this::append);
        snapshotBytes = bytesSinceSnapshot;
        bytesSinceSnapshot = 0;
        // Start after sync: whatever is dropped is in a snapshot that is durable.
        PartitionLog target = opened();
        trimming = target.sync()
                .thenCompose(syncedOffset -> target.advanceStartTo(startOffset))
                .handle((start, failure) -> logSnapshot(startOffset, failure));
        return target.endOffset();
    }

    private @Nullable Void logSnapshot(long startOffset, @Nullable Throwable failure) {
        if (failure != null) {
            LOGGER.warn(
                    "Could not drop metadata records that a snapshot replaces; they stay until the next one", failure);
        } else {
            LOGGER.atDebug()
                    .addKeyValue("offset", startOffset)
                    .addKeyValue("sizeBytes", snapshotBytes)
                    .log("Metadata snapshot is durable");
        }
        return null;
    }

    @Override
    public CompletionStage<Void> close() {
        PartitionLog open = log;
        log = null;
        return open == null ? CompletableFuture.completedStage(null) : trimming.thenCompose(trimmed -> open.close());
    }

    private PartitionLog opened() {
        PartitionLog open = log;
        if (open == null) {
            throw new IllegalStateException("the metadata journal is not open");
        }
        return open;
    }
}
