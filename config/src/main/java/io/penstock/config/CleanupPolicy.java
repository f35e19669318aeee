package io.penstock.config;

/** What {@code cleanup.policy} may list. */
public enum CleanupPolicy {
    /** Sealed segments go when they are too old or the log is too large. */
    DELETE,
    /** Of every key the newest record is kept. */
    COMPACT
}
