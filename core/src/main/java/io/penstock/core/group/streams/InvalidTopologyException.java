package io.penstock.core.group.streams;

/** A topology contradicts itself, so that no topics could make it work. Its message is for the client. */
public final class InvalidTopologyException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidTopologyException(String message) {
        super(message);
    }
}
