package io.penstock.storage.chronicle;

import io.penstock.storage.LogId;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What the logs of one store share. Immutable.
 *
 * @param root directory below which all logs are
 * @param onClosed to be told when a log has let go of its files
 */
record StoreParts(Path root, Trash trash, ReaderCache readers, CopyBuffers copies, Consumer<LogId> onClosed) {}
