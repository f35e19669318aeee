package io.penstock.storage.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes directories with all that is in them. Stateless; blocks. */
final class FileTrees {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileTrees.class);

    private static final int MAX_TRIES = 100;

    private FileTrees() {}

    /** Deletes {@code root} if it exists. */
    static void delete(Path root) throws IOException {
        for (Path path : deepestFirst(root)) {
            Files.deleteIfExists(path);
        }
    }

    /** Deletes {@code root} when the process ends in order, also while somebody writes there. */
    static void deleteAtExit(Path root) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            for (int tries = 0; tries < MAX_TRIES && Files.exists(root); tries++) {
                try {
                    delete(root);
                } catch (IOException e) {
                    LOGGER.debug("somebody still writes in {}", root, e);
                }
            }
        }));
    }

    private static List<Path> deepestFirst(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** As {@link #delete}; what cannot be deleted now is left to the next open of the log. */
    static void deleteQuietly(Path root) {
        try {
            delete(root);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("path", root)
                    .setCause(e)
                    .log("cannot delete; the next open of the log tries again");
        }
    }
}
