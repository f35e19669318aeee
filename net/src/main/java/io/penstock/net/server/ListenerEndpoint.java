package io.penstock.net.server;

/**
 * Where a listener listens. Immutable.
 *
 * @param name as in {@code listeners=NAME://host:port}
 * @param host name or literal address; empty for all interfaces; {@code localhost} means both 127.0.0.1 and ::1 where they exist
 * @param port 0 for any free one
 */
public record ListenerEndpoint(String name, String host, int port) {
    public ListenerEndpoint {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("listener " + name + ": port must be 0 to 65535, found " + port);
        }
    }
}
