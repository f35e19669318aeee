package io.penstock.storage.compact;

/** A log cannot be compacted as it is; says which batch or setting is to blame. The log was not harmed and goes on. */
public final class CompactionFailedException extends RuntimeException {
    public CompactionFailedException(String message) {
        super(message);
    }

    public CompactionFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
