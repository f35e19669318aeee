package io.penstock.storage.file;

import java.io.IOException;

/** Stored bytes are intact, but of a format version that this build does not know. Nothing was changed; a newer build can read them. */
public final class FutureVersionException extends IOException {
    FutureVersionException(String what, int foundVersion, int newestKnownVersion) {
        super(what + " has format version " + foundVersion + ", but this build reads versions up to "
                + newestKnownVersion + "; start the newer build that wrote it");
    }
}
