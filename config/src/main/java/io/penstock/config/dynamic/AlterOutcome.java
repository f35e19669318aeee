package io.penstock.config.dynamic;

import java.util.Map;

/** What became of a requested change: all of it is accepted, or none. */
public sealed interface AlterOutcome {

    /** How to answer a refused request; the names are those of Kafka's error codes. */
    enum Reason {
        /** The request itself makes no sense. */
        INVALID_REQUEST,
        /** The values asked for are not allowed. */
        INVALID_CONFIG
    }

    /**
     * The change is sound.
     *
     * @param overrides all texts that shall be set at this level from now on, by key
     */
    record Accepted(Map<String, String> overrides) implements AlterOutcome {
        public Accepted {
            overrides = Map.copyOf(overrides);
        }
    }

    /**
     * Nothing may be changed.
     *
     * @param message one line for the client; never a secret
     */
    record Refused(Reason reason, String message) implements AlterOutcome {}

    static AlterOutcome invalidRequest(String message) {
        return new Refused(Reason.INVALID_REQUEST, message);
    }

    static AlterOutcome invalidConfig(String message) {
        return new Refused(Reason.INVALID_CONFIG, message);
    }
}
