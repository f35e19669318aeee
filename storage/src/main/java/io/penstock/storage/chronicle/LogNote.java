package io.penstock.storage.chronicle;

import io.penstock.storage.LogFullException;
import io.penstock.storage.LogId;
import io.penstock.storage.file.CheckpointFile;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The note that an owner keeps beside the records, in a file of its own. Owned by the log's owner; stages complete there. */
final class LogNote {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogNote.class);

    private final LogId id;
    private final CheckpointFile file;
    private final DiskLane lane;

    LogNote(LogId id, CheckpointFile file, DiskLane lane) {
        this.id = id;
        this.file = file;
        this.lane = lane;
    }

    /** A note that cannot be written is no reason to give up a log whose records can: the old one is still there. */
    CompletionStage<@Nullable Void> keep(byte[] note) {
        return lane.<@Nullable Void>run(() -> {
            try {
                file.write(note);
            } catch (IOException e) {
                throw new LogFullException("cannot keep a note of " + note.length + " bytes beside log " + id, e);
            }
            return null;
        });
    }

    CompletionStage<byte @Nullable []> read() {
        return lane.run(this::readOrNull);
    }

    private byte @Nullable [] readOrNull() throws IOException {
        try {
            return file.read();
        } catch (CorruptFileException | FutureVersionException e) {
            LOGGER.atError()
                    .addKeyValue("log", id)
                    .setCause(e)
                    .log("The note beside a log cannot be read; the log goes on without it");
            return null;
        }
    }
}
