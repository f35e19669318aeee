package io.penstock.core;

/** A broker did not start; everything that the start had taken hold of is let go. The message is one line for whoever started it. */
public final class BrokerStartException extends RuntimeException {

    /** What kind of mistake it was, hence who can do something about it. */
    public enum Kind {
        /** Somebody else has the port or the data directory: wait, or choose another one. */
        PORT_OR_DIRECTORY_BUSY,
        /** The settings ask for what cannot be: correct them. */
        BAD_CONFIGURATION,
        /** Anything else; the cause tells. */
        FAILURE
    }

    private final Kind kind;

    public BrokerStartException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public BrokerStartException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
