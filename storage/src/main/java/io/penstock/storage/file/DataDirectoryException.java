package io.penstock.storage.file;

import java.io.IOException;

/** The data directory cannot be used; the message is one line for whoever started the broker. Nothing was written. */
public class DataDirectoryException extends IOException {
    DataDirectoryException(String message) {
        super(message);
    }

    DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
