package io.penstock.storage;

/** The log failed and serves nothing any more until it is opened again. Carries what failed and where. */
public final class LogOfflineException extends RuntimeException {
    public LogOfflineException(String message) {
        super(message);
    }

    public LogOfflineException(String message, Throwable cause) {
        super(message, cause);
    }
}
