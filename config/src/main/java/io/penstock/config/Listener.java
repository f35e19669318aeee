package io.penstock.config;

/**
 * One address of the broker.
 *
 * @param name in capitals, unique among the listeners
 * @param host name or address without brackets; empty for every interface
 * @param port 0 for any free one
 */
public record Listener(String name, String host, int port) {

    /** Whether it is to be bound on every interface. */
    public boolean isWildcard() {
        return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    /** As written in a configuration: {@code PLAINTEXT://[::1]:9092}. */
    @Override
    public String toString() {
        return name + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
