package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Takes the directories of deleted segments and unlinks them some time later, as {@code file.delete.delay.ms} says. What is not
 * unlinked when the process ends is unlinked at the next open of the log. Safe from any thread: stateless.
 */
final class SegmentGraveyard {
    private final LogFiles files;
    private final Executor disk;

    SegmentGraveyard(LogFiles files, Executor disk) {
        this.files = files;
        this.disk = disk;
    }

    /** Renames the directory at once, so that nothing takes it for a segment any more, and deletes it after the delay. Blocks. */
    void bury(int number, long delayMs) throws IOException {
        Path grave = files.deletedSegment(number);
        try {
            Files.move(files.segment(number), grave, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException gone) {
            return;
        }
        if (delayMs == 0) {
            FileTrees.deleteQuietly(grave);
            return;
        }
        // A disk executor that is full or stopped by then refuses: the next open deletes it.
        CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, disk)
                .execute(() -> FileTrees.deleteQuietly(grave));
    }
}
