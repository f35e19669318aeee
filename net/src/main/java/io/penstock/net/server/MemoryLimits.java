package io.penstock.net.server;

import static io.penstock.net.server.ConnectionLimits.requirePositive;

/**
 * What all connections of a broker may hold together, in bytes. Immutable.
 *
 * @param maxUnfinishedBytes in frames that have not wholly arrived or wait to be dispatched. Above it only one connection at a time gets
 *     more memory for its frame; at three times as much, connections that begin a frame are closed
 * @param maxInFlightBytes in Produce requests that were dispatched and not yet answered, and as much again in all other requests:
 *     those may wait for a Produce, which must then not wait for them. Above it the next such request of a connection waits, and that
 *     connection does not read
 */
public record MemoryLimits(long maxUnfinishedBytes, long maxInFlightBytes) {
    /** 32 MiB of unfinished frames, 128 MiB of requests of each kind in flight. */
    public static final MemoryLimits DEFAULTS = new MemoryLimits(32L << 20, 128L << 20);

    public MemoryLimits {
        requirePositive("maxUnfinishedBytes", maxUnfinishedBytes);
        requirePositive("maxInFlightBytes", maxInFlightBytes);
    }
}
