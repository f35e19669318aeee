package io.penstock.net.server;

/**
 * How many connections there may be, and how long one may do nothing. Immutable.
 *
 * @param maxConnections of the whole broker; the next one is closed at once. Kafka's {@code max.connections}
 * @param maxConnectionsPerIp from one address. Kafka's {@code max.connections.per.ip}
 * @param idleMs without a byte in either direction and without a request in flight, the connection is closed. Kafka's
 *     {@code connections.max.idle.ms}
 * @param unfinishedFrameMs grace for an unfinished frame, to which each {@code minFrameBytesPerSecond} that arrive add a second; after
 *     that the connection is closed
 * @param minFrameBytesPerSecond slowest rate at which a frame larger than what fits into the grace may arrive
 * @param drainMs how long a stopping listener waits for answers in flight before it closes their connections
 */
public record ConnectionLimits(
        int maxConnections,
        int maxConnectionsPerIp,
        long idleMs,
        long unfinishedFrameMs,
        int minFrameBytesPerSecond,
        long drainMs) {
    /** No bound on connections as in Kafka, 10 minutes idle, 10 s grace and 16 KiB/s for a frame, 5 s to drain. */
    public static final ConnectionLimits DEFAULTS =
            new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 600_000, 10_000, 16 << 10, 5_000);

    public ConnectionLimits {
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxConnectionsPerIp", maxConnectionsPerIp);
        requirePositive("idleMs", idleMs);
        requirePositive("unfinishedFrameMs", unfinishedFrameMs);
        requirePositive("minFrameBytesPerSecond", minFrameBytesPerSecond);
        requirePositive("drainMs", drainMs);
    }

    /** How old a frame may be of which {@code arrivedBytes} have arrived, in milliseconds. */
    long allowedFrameMs(int arrivedBytes) {
        return unfinishedFrameMs + 1000L * arrivedBytes / minFrameBytesPerSecond;
    }

    static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, found " + value);
        }
    }
}
