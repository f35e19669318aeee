package io.penstock.core.group.record;

/** A record has a text that is too long for Kafka's format: more than 32,767 bytes of UTF-8. */
public final class UnstorableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnstorableRecordException(String message) {
        super(message);
    }
}
