package io.penstock.config.setting;

/** What setting a known key does in this release. */
public enum Effect {
    /** It does what its documentation says. */
    ACTIVE,
    /** Typed and checked, but the part of the broker that will read it is not built yet. */
    PLANNED,
    /** Kafka has it; here it has no counterpart. Accepted and described, never acted upon. */
    NONE
}
