package io.penstock.core.api;

/** A write or a read that the broker refused, or cannot go on with. */
public final class RecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String error;
    private final boolean isRetriable;

    public RecordException(String error, boolean isRetriable, String message) {
        super(message);
        this.error = error;
        this.isRetriable = isRetriable;
    }

    /** Kafka's name of the error, such as {@code MESSAGE_TOO_LARGE}. */
    public String error() {
        return error;
    }

    /** Whether the same may succeed a little later. */
    public boolean isRetriable() {
        return isRetriable;
    }
}
