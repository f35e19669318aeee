package io.penstock.storage;

/** Disk space for the append could not be reserved. Nothing was written; a later append may succeed. */
public final class LogFullException extends RuntimeException {
    public LogFullException(String message) {
        super(message);
    }

    public LogFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
