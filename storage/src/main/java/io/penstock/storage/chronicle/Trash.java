package io.penstock.storage.chronicle;

import io.penstock.storage.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Where the directories of deleted logs go first: one rename makes a log gone, whatever becomes of the process before its files are
 * unlinked. Emptied when the store is opened. Safe from any thread: stateless; blocks.
 */
final class Trash {
    /** The character keeps it apart from any log: no log id has it. */
    static final String NAME = "@trash";

    private final Path root;

    Trash(Path root) {
        this.root = root;
    }

    /** Deletes a log's directory; when this returns the log stays deleted also after a loss of power. */
    void delete(Path directory) throws IOException {
        Path trash = Files.createDirectories(root.resolve(NAME));
        Path grave = trash.resolve(UUID.randomUUID().toString());
        try {
            Files.move(directory, grave, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException gone) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            DurableFiles.syncDirectory(parent);
        }
        FileTrees.deleteQuietly(grave);
    }

    /** Deletes what an earlier process has left here. */
    void empty() {
        FileTrees.deleteQuietly(root.resolve(NAME));
    }
}
