package io.penstock.storage.file;

import java.io.IOException;

/**
 * Stored bytes are not what was written: says which, what was expected and what was found. The reader got nothing; it falls back
 * on what it can rebuild, or refuses.
 */
public class CorruptFileException extends IOException {
    public CorruptFileException(String message) {
        super(message);
    }

    public CorruptFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
