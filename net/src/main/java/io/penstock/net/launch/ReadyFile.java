package io.penstock.net.launch;

import io.penstock.net.cli.ExitCode;
import io.penstock.net.cli.Refusal;
import io.penstock.net.cli.Refusal.Detail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears when the broker is ready and goes away when it stops, so that a script knows when to go on and on which ports,
 * also when these were left to the system. Used by the main thread.
 *
 * <pre>{@code
 * {"pid":4711,"version":"0.1.0","listeners":{"PLAINTEXT":"localhost:9092"},"http":"localhost:9644"}
 * }</pre>
 */
final class ReadyFile {

    /** For a start that asked for none. */
    static final ReadyFile NONE = new ReadyFile(null);

    private final @Nullable Path file;

    ReadyFile(@Nullable Path file) {
        this.file = file == null ? null : file.toAbsolutePath();
    }

    /** Makes the file appear, whole. */
    void write(ServerAddresses addresses) throws IOException {
        if (file == null) {
            return;
        }
        Path whole = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        Files.writeString(whole, content(addresses).encode() + System.lineSeparator());
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonObject content(ServerAddresses addresses) {
        JsonObject listeners = new JsonObject();
        addresses.kafka().forEach(endpoint -> listeners.put(endpoint.name(), endpoint.local()));
        JsonObject content = new JsonObject()
                .put("pid", ProcessHandle.current().pid())
                .put("version", BuildInfo.version())
                .put("listeners", listeners);
        addresses.http().ifPresent(http -> content.put("http", http.local()));
        return content;
    }

    /** Removes what a killed run left behind, and sees that the file can be written, before anything is started. */
    void prepare() throws IOException {
        remove();
        Path directory = file == null ? null : file.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        if (directory != null && !Files.isWritable(directory)) {
            throw new AccessDeniedException(directory.toString());
        }
    }

    /** Makes it go away. */
    void remove() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }

    /** What to tell if it could not be written or removed. */
    Refusal refusal(IOException failure) {
        return new Refusal(
                ExitCode.BAD_CONFIGURATION,
                "the ready file cannot be written",
                List.of(new Detail("--ready-file", String.valueOf(file)), new Detail("reason", failure.toString())),
                "name a file in a directory that exists and that this user may write to");
    }
}
