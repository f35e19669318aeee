package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.storage.LogId;
import io.penstock.storage.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears up after a crash between the deletion of a topic and that of its files. Deletes only what the metadata knows to be
 * deleted; a log of a topic that nobody knows is left alone and named, since it is more likely the metadata that is damaged.
 *
 * <p>Safe from any thread; the work is done in the background by the given executor.
 */
final class LeftoverLogs {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeftoverLogs.class);
    private static final int MAX_NAMED = 5;

    private final LogStore store;
    private final Executor disk;
    private final Consumer<Uuid> onLogsDeleted;

    /**
     * @param onLogsDeleted hears, on the executor, that no file of a deleted topic is left
     */
    LeftoverLogs(LogStore store, Executor disk, Consumer<Uuid> onLogsDeleted) {
        this.store = store;
        this.disk = disk;
        this.onLogsDeleted = onLogsDeleted;
    }

    /** Begins the work for the metadata with which the broker starts. */
    void clear(MetadataImage image) {
        try {
            disk.execute(() -> clearNow(image));
        } catch (RejectedExecutionException e) {
            LOGGER.warn("No time to look for files of deleted topics; the next start tries again", e);
        }
    }

    private void clearNow(MetadataImage image) {
        try {
            image.deletedTopics().forEach(this::delete);
            nameUnknown(image);
        } catch (RuntimeException e) {
            LOGGER.warn("Could not clear all files of deleted topics; the next start tries again", e);
        }
    }

    private void delete(DeletedTopic topic) {
        for (int index = 0; index < topic.partitionCount(); index++) {
            store.delete(PartitionSpecs.logId(topic.name(), topic.id(), index));
        }
        LOGGER.atInfo()
                .addKeyValue("topic", topic.name())
                .addKeyValue("topicId", topic.id())
                .log("Deleted what was left of a deleted topic");
        onLogsDeleted.accept(topic.id());
    }

    private void nameUnknown(MetadataImage image) {
        List<LogId> unknown = new ArrayList<>();
        for (LogId id : store.list()) {
            if (PartitionSpecs.isPartitionLog(id) && !isKnown(image, id)) {
                unknown.add(id);
            }
        }
        if (!unknown.isEmpty()) {
            LOGGER.atError()
                    .addKeyValue("logs", unknown.size())
                    .addKeyValue("firstLogs", unknown.subList(0, Math.min(MAX_NAMED, unknown.size())))
                    .log("The data directory has logs of topics that the metadata does not know; they are left alone");
        }
    }

    private static boolean isKnown(MetadataImage image, LogId log) {
        try {
            return image.knows(Uuid.fromString(PartitionSpecs.topicIdOf(log)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
