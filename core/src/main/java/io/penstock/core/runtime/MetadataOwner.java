package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.core.metadata.Decision;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.storage.LogFullException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the cluster's metadata, one change after another: decide, append, replay, sync, publish, answer. Changes that come
 * while a sync is under way are decided at once, on top of what is not durable yet, and share the next sync (group commit);
 * nobody else sees them before they are durable.
 *
 * <pre>
 * change ─► decide on {@link #working} ─► append ─► replay into working ─► [sync] ─► [publish] ─► answer
 *                                                                  shared by all that wait
 * </pre>
 *
 * <p>Owned by one event loop. When the log fails nobody can tell what is on the disk: every change under way and every later one
 * fails, until the broker is started again. Reading and the partitions go on.
 */
final class MetadataOwner {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataOwner.class);

    /** Something to change: decides on the newest metadata; changes nothing itself. */
    interface Change<T> {
        Decision<T> decide(MetadataImage image, BrokerConfig config);
    }

    /** Makes durable metadata visible and true: images come in order, the next one after the future has completed. */
    interface Publisher {
        Future<Void> publish(MetadataImage image);
    }

    private final MetadataLog log;
    private final DynamicConfig config;
    private final Publisher publisher;
    private final Consumer<Throwable> onFailed;

    private MetadataImage working;
    private final ArrayDeque<Queued<?>> queued = new ArrayDeque<>();
    private List<Decided<?>> unsynced = new ArrayList<>();
    private final ArrayDeque<List<Decided<?>>> unpublished = new ArrayDeque<>();
    private boolean isSyncing;
    private boolean isPublishing;
    private boolean isSnapshotting;
    /** Why no change is taken any more; null while they are. */
    private @Nullable Throwable refusal;

    private boolean hasFailed;
    private final Promise<Void> drained = Promise.promise();

    /** A change that waits for the end of a snapshot. */
    private record Queued<T>(Change<T> change, Promise<T> answer) {}

    /** A change that waits to be durable and visible, with the image that it led to. */
    private record Decided<T>(MetadataImage image, T answer, Promise<T> promise) {
        void complete() {
            promise.complete(answer);
        }
    }

    /**
     * @param image what the log, which is open, says
     * @param onFailed hears once that the log failed
     */
    MetadataOwner(
            MetadataLog log,
            MetadataImage image,
            DynamicConfig config,
            Publisher publisher,
            Consumer<Throwable> onFailed) {
        this.log = log;
        this.working = image;
        this.config = config;
        this.publisher = publisher;
        this.onFailed = onFailed;
    }

    /** Answers when the change is durable and visible. A refusal inside an answer waits for the changes it may rest on. */
    <T> Future<T> submit(Change<T> change) {
        Promise<T> answer = Promise.promise();
        if (isSnapshotting) {
            queued.add(new Queued<>(change, answer));
        } else {
            run(change, answer);
        }
        return answer.future();
    }

    private <T> void run(Change<T> change, Promise<T> answer) {
        if (refusal != null) {
            answer.fail(refusal);
            return;
        }
        Decision<T> decision;
        try {
            decision = change.decide(working, config.of(working));
        } catch (RuntimeException e) {
            LOGGER.error("Unexpected failure while deciding a change of metadata", e);
            answer.fail(e);
            return;
        }
        try {
            append(decision.records());
        } catch (LogFullException e) {
            LOGGER.warn("No disk space for the metadata log; a change is refused: {}", e.getMessage());
            answer.fail(e);
            return;
        } catch (RuntimeException e) {
            answer.fail(e);
            fail(e);
            return;
        }
        unsynced.add(new Decided<>(working, decision.answer(), answer));
        syncNext();
        snapshotIfDue();
    }

    private void append(List<MetadataRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        long offset = log.append(records);
        ImageReplay replay = new ImageReplay(working);
        for (MetadataRecord record : records) {
            replay.replay(offset++, record);
        }
        working = replay.image();
    }

    private void syncNext() {
        if (isSyncing || unsynced.isEmpty() || hasFailed) {
            return;
        }
        isSyncing = true;
        List<Decided<?>> group = unsynced;
        unsynced = new ArrayList<>();
        log.sync().whenComplete((done, cause) -> {
            isSyncing = false;
            if (cause != null) {
                failAll(group, cause);
                fail(cause);
            } else {
                unpublished.add(group);
                publishNext();
                syncNext();
            }
            tellIfDrained();
        });
    }

    private void publishNext() {
        List<Decided<?>> group = isPublishing ? null : unpublished.poll();
        if (group == null) {
            return;
        }
        isPublishing = true;
        publish(group.get(group.size() - 1).image()).onComplete(published -> {
            if (published.failed()) {
                // The change is durable whatever the partitions make of it, so its answer stands.
                LOGGER.error("Could not apply all of a change of metadata", published.cause());
            }
            isPublishing = false;
            group.forEach(Decided::complete);
            publishNext();
            tellIfDrained();
        });
    }

    private Future<Void> publish(MetadataImage image) {
        try {
            return publisher.publish(image);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void snapshotIfDue() {
        if (!log.isSnapshotDue() || isSnapshotting || refusal != null) {
            return;
        }
        isSnapshotting = true;
        log.snapshot(working).whenComplete((endOffset, cause) -> {
            isSnapshotting = false;
            if (cause != null) {
                fail(cause);
            } else {
                working = working.at(endOffset);
            }
            runQueued();
            tellIfDrained();
        });
    }

    private void runQueued() {
        while (!queued.isEmpty() && !isSnapshotting) {
            Queued<?> next = queued.remove();
            runQueued(next);
        }
    }

    private <T> void runQueued(Queued<T> next) {
        run(next.change(), next.answer());
    }

    private void fail(Throwable cause) {
        if (hasFailed) {
            return;
        }
        hasFailed = true;
        refusal = cause;
        LOGGER.error("The metadata log failed: nothing can be changed until the broker is started again", cause);
        failAll(unsynced, cause);
        unsynced = new ArrayList<>();
        onFailed.accept(cause);
        tellIfDrained();
    }

    private static void failAll(List<Decided<?>> group, Throwable cause) {
        group.forEach(decided -> decided.promise().fail(cause));
    }

    /** Takes no more changes; the future completes when those taken are done. */
    Future<Void> drain() {
        if (refusal == null) {
            refusal = new IllegalStateException("the broker is stopping");
        }
        tellIfDrained();
        return drained.future();
    }

    private void tellIfDrained() {
        boolean isIdle = unsynced.isEmpty() && unpublished.isEmpty() && !isSyncing && !isPublishing && !isSnapshotting;
        if (refusal != null && isIdle) {
            drained.tryComplete();
        }
    }

    /** Closes the log. Call it after {@link #drain}. */
    Future<Void> close() {
        return Future.fromCompletionStage(log.close());
    }
}
