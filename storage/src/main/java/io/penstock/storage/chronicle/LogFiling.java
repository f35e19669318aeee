package io.penstock.storage.chronicle;

import io.penstock.storage.index.SegmentIndex;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background work on a log's files that nobody waits for: finishing sealed segments, writing snapshots and the manifest, deleting
 * segments that came to nothing. Owned by the log's owner; the disk work goes through the log's lane.
 *
 * <p>A full disk delays it: it is tried again until there is space. Until then the log is as good, only the next open after a crash
 * takes longer. Any other failure takes the log offline.
 */
final class LogFiling {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogFiling.class);
    private static final long RETRY_MS = 500;
    /** This much of the log's end is taken to be in memory. */
    static final long HOT_TAIL_BYTES = 4 << 20;
    /** And no more sealed segments than this, however small they are: each is a mapping. */
    private static final int MAX_HOT_SEGMENTS = 4;

    private final LogState state;
    private final DiskLane lane;
    private final SegmentSealer sealer;
    private final Consumer<Throwable> onFailure;

    private int underWay;
    private @Nullable CompletableFuture<Boolean> onIdle;
    private boolean stopped;
    private boolean savingManifest;
    private boolean manifestChanged;

    LogFiling(LogState state, DiskLane lane, Consumer<Throwable> onFailure) {
        this.state = state;
        this.lane = lane;
        this.sealer = new SegmentSealer(state.files);
        this.onFailure = onFailure;
    }

    /** Finishes what recovery has left unfinished. */
    void start() {
        for (SealedSegment segment : List.copyOf(state.sealed)) {
            SegmentIndex index = segment.index();
            if (index != null && !segment.facts().synced()) {
                finish(segment, index);
            }
        }
    }

    /** Finishes the files of a segment that was active until now, and gives its mapping back. */
    void seal(ActiveSegment last, SealedSegment sealed, SegmentIndex index) {
        CompletionStage<Boolean> closed = last.stop()
                .thenCompose(stopped -> lane.run(() -> {
                    last.closeQueue();
                    last.mapping().release();
                    return true;
                }));
        follow(closed, () -> finish(sealed, index), this::fail);
    }

    /** Finishes the files of a segment that nobody writes. */
    void finish(SealedSegment segment, SegmentIndex index) {
        if (!state.sealed.contains(segment)) {
            // Cut or deleted meanwhile.
            return;
        }
        int number = segment.facts().number();
        long fileEnd = segment.writtenEnd();
        follow(lane.run(() -> sealer.finish(number, index, fileEnd)), () -> onFinished(segment), failure -> {
            // A segment that was cut or deleted meanwhile has no files to finish.
            if (state.sealed.contains(segment)) {
                later(failure, () -> finish(segment, index));
            }
        });
    }

    private void onFinished(SealedSegment segment) {
        segment.onSealed();
        coolDown();
        writeManifest();
    }

    /** Lets go of mappings that are not part of the hot tail any more. */
    void coolDown() {
        long tailBytes = state.active == null ? 0 : state.active.endPosition();
        for (int i = state.sealed.size() - 1; i >= 0; i--) {
            SealedSegment segment = state.sealed.get(i);
            boolean cold = tailBytes >= HOT_TAIL_BYTES || state.sealed.size() - i > MAX_HOT_SEGMENTS;
            if (segment.facts().synced() && cold) {
                segment.coolDown();
            }
            tailBytes += segment.facts().endPosition();
        }
    }

    /** Writes down the producers as they are now, before the first batch of a segment. */
    void writeProducers(int number) {
        byte[] snapshot = state.producers.toSnapshot();
        follow(
                lane.run(() -> {
                    sealer.writeProducers(number, snapshot);
                    return true;
                }),
                () -> {},
                failure -> later(failure, () -> {
                    // Without it recovery goes back to the snapshot before: no need to insist.
                }));
    }

    /** Gets rid of a segment that nothing was written to, or nothing that counts. */
    void discard(ActiveSegment segment) {
        CompletionStage<Boolean> gone = segment.stop()
                .thenCompose(stopped -> lane.run(() -> {
                    segment.closeQueue();
                    segment.mapping().release();
                    FileTrees.deleteQuietly(state.files.segment(segment.number()));
                    return true;
                }));
        follow(gone, () -> {}, this::fail);
    }

    /** Writes the manifest as the log is now. The stage fails if it cannot be written. */
    CompletionStage<Boolean> saveManifest() {
        byte[] bytes = state.toManifest().toBytes();
        return lane.run(() -> {
            state.files.manifest().write(bytes);
            return true;
        });
    }

    /** Writes the manifest as the log is then, again and again until there is space, and goes on with {@code next}. */
    void saveManifestThen(Runnable next) {
        follow(saveManifest(), next, failure -> later(failure, () -> saveManifestThen(next)));
    }

    /** Writes the manifest some time soon. */
    void writeManifest() {
        if (savingManifest) {
            manifestChanged = true;
            return;
        }
        savingManifest = true;
        follow(
                saveManifest(),
                this::onManifestWritten,
                failure -> later(failure, () -> {
                    savingManifest = false;
                    manifestChanged = false;
                    writeManifest();
                }));
    }

    private void onManifestWritten() {
        savingManifest = false;
        if (manifestChanged) {
            manifestChanged = false;
            writeManifest();
        }
    }

    private void fail(Throwable failure) {
        onFailure.accept(failure);
    }

    /** Does {@code again} in a while if it was only the disk that was full. */
    private void later(Throwable failure, Runnable again) {
        if (!FileSpace.isDiskFull(failure)) {
            onFailure.accept(failure);
            return;
        }
        LOGGER.atWarn()
                .addKeyValue("log", state.id)
                .addKeyValue("retryMs", RETRY_MS)
                .log("no space to file what the log has done; trying again");
        CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS, lane.owner())
                .execute(() -> {
                    if (!stopped) {
                        again.run();
                    }
                });
    }

    private <T> void follow(CompletionStage<T> stage, Runnable next, Consumer<Throwable> failed) {
        underWay++;
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                next.run();
            } else {
                failed.accept(failure);
            }
            underWay--;
            CompletableFuture<Boolean> waiting = onIdle;
            if (underWay == 0 && waiting != null) {
                onIdle = null;
                waiting.complete(true);
            }
        });
    }

    /** Completes when nothing is under way; what waits for space does not count. */
    CompletionStage<Boolean> whenIdle() {
        if (underWay == 0) {
            return CompletableFuture.completedFuture(true);
        }
        if (onIdle == null) {
            onIdle = new CompletableFuture<>();
        }
        return onIdle;
    }

    /** As {@link #whenIdle}; what waits for space is given up. */
    CompletionStage<Boolean> settle() {
        stopped = true;
        return whenIdle();
    }
}
