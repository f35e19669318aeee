package io.penstock.storage.chronicle;

import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of an open log: closes it in order, or deletes it. Owned by the log's owner; used once. */
final class LogClosing {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogClosing.class);

    private final LogState state;
    private final LogSegments segments;
    private final LogFiling filing;
    private final LogReads reads;
    private final LogSync sync;
    private final LogCompaction compaction;
    private final DiskLane lane;
    private final StoreParts store;
    private final SegmentSealer sealer;

    LogClosing(
            LogState state,
            LogSegments segments,
            LogFiling filing,
            LogReads reads,
            LogSync sync,
            LogCompaction compaction,
            DiskLane lane,
            StoreParts store) {
        this.state = state;
        this.segments = segments;
        this.filing = filing;
        this.reads = reads;
        this.sync = sync;
        this.compaction = compaction;
        this.lane = lane;
        this.store = store;
        this.sealer = new SegmentSealer(state.files);
    }

    /**
     * Finishes what is under way, then the active segment's files, then the manifest.
     *
     * @param inOrder false if the log has failed: then it only lets go of its files, and the next open recovers
     */
    CompletionStage<@Nullable Void> close(boolean inOrder) {
        return settle().thenCompose(settled -> finish(inOrder)).whenComplete((done, failure) -> letGo());
    }

    /** Lets go of the files and deletes them. */
    CompletionStage<@Nullable Void> delete() {
        return settle().thenCompose(settled -> finish(false))
                .thenCompose(done -> lane.<@Nullable Void>run(() -> {
                    store.trash().delete(state.files.directory());
                    return null;
                }))
                .whenComplete((done, failure) -> letGo());
    }

    /** Waits for all that is under way; nothing new begins. */
    private CompletionStage<Boolean> settle() {
        segments.stop();
        CompletionStage<Boolean> settled = compaction
                .stop()
                .thenCompose(stopped -> sync.whenIdle())
                .thenCompose(synced -> reads.whenIdle())
                .thenCompose(read -> filing.settle())
                .thenCompose(filed -> lane.run(() -> true));
        ActiveSegment active = state.active;
        return active == null
                ? settled
                : settled.thenCompose(done -> active.stop()).thenApply(stopped -> true);
    }

    private CompletionStage<@Nullable Void> finish(boolean inOrder) {
        ActiveSegment active = state.active;
        boolean finished = inOrder
                && state.sealed.stream().allMatch(segment -> segment.facts().synced());
        boolean unchanged = !state.changed;
        SegmentIndex index =
                active == null || active.isEmpty() ? null : active.index().seal();
        LogManifest manifest = state.toManifest();
        byte[] producers = state.producers.toSnapshot();
        return lane.<@Nullable Void>run(() -> {
            if (active != null) {
                active.closeQueue();
                active.mapping().release();
            }
            if (finished) {
                finishFilesIfSpace(active, index, manifest, producers, unchanged);
            }
            return null;
        });
    }

    private void finishFilesIfSpace(
            @Nullable ActiveSegment active,
            @Nullable SegmentIndex index,
            LogManifest manifest,
            byte[] producers,
            boolean unchanged)
            throws IOException {
        try {
            finishFiles(active, index, manifest, producers, unchanged);
        } catch (IOException e) {
            if (!FileSpace.isDiskFull(e)) {
                throw e;
            }
            LOGGER.atWarn()
                    .addKeyValue("log", state.id)
                    .log("no space to write down how the log was closed; the next open recovers it");
        }
    }

    private void finishFiles(
            @Nullable ActiveSegment active,
            @Nullable SegmentIndex index,
            LogManifest manifest,
            byte[] producers,
            boolean unchanged)
            throws IOException {
        long fileBytes = 0;
        long endPosition = 0;
        if (active != null && index != null) {
            endPosition = active.endPosition();
            fileBytes = sealer.shorten(active.number(), endPosition);
            if (!unchanged) {
                sealer.sync(active.number());
            }
        } else if (active != null) {
            FileTrees.deleteQuietly(state.files.segment(active.number()));
        }
        if (!unchanged) {
            byte[] indexBytes = index == null ? new byte[0] : index.toBytes();
            LogManifest.ClosedLog closed = new LogManifest.ClosedLog(fileBytes, endPosition, indexBytes, producers);
            state.files.manifest().write(manifest.asClosed(closed).toBytes());
        }
    }

    private void letGo() {
        state.active = null;
        List.copyOf(state.sealed).forEach(SealedSegment::coolDown);
        store.readers().forgetAllBelow(state.files.directory());
        store.onClosed().accept(state.id);
    }
}
