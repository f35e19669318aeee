package io.penstock.storage.batch;

/** The records inside of a stored batch cannot be read. Costs the request that needed them, not the log. */
public final class CorruptBatchException extends RuntimeException {
    public CorruptBatchException(String message) {
        super(message);
    }

    public CorruptBatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
