package io.penstock.core;

/**
 * How far a broker is in its life.
 *
 * <pre>
 * STARTING ─► RECOVERING ─► READY ─► DRAINING ─► STOPPED
 *     └────────────┴─────── a start that fails ────▲
 * </pre>
 */
public enum BrokerState {
    /** Taking hold of the data directory. */
    STARTING,
    /** Reading the metadata and deploying partitions. */
    RECOVERING,
    /** Serving. */
    READY,
    /** Finishing what is under way; takes nothing new. */
    DRAINING,
    /** Holds nothing any more. */
    STOPPED
}
