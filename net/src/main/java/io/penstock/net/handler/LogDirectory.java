package io.penstock.net.handler;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one directory in which a broker keeps its logs, as clients are told of it. Stateless. */
public final class LogDirectory {
    /** Stands for a directory if the logs are only in memory. */
    private static final String MEMORY = "memory";

    private LogDirectory() {}

    /**
     * The directory's name, which clients give back letter by letter.
     *
     * @param directory null if the logs are only in memory
     */
    public static String name(@Nullable Path directory) {
        return directory == null
                ? MEMORY
                : directory.toAbsolutePath().normalize().toString();
    }
}
