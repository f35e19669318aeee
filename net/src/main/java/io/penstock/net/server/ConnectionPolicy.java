package io.penstock.net.server;

import java.net.InetAddress;
import java.util.Map;

/**
 * How many connections there may be, and how fast new ones may come, as of now: all of it can change while the broker runs. Immutable.
 *
 * @param maxConnections of the whole broker; further ones wait ({@code max.connections})
 * @param maxCreationRate new ones per second on all listeners; further ones wait ({@code max.connection.creation.rate})
 * @param maxPerIp from one address; further ones are closed ({@code max.connections.per.ip})
 * @param perIpOverrides exceptions from that ({@code max.connections.per.ip.overrides})
 * @param ipRates new ones per second from one address; further ones are held and closed (quota {@code connection_creation_rate})
 * @param defaultIpRate that rate for other addresses
 * @param listeners bounds of single listeners, by name; a listener that is missing has none of its own
 */
public record ConnectionPolicy(
        int maxConnections,
        int maxCreationRate,
        int maxPerIp,
        Map<InetAddress, Integer> perIpOverrides,
        Map<InetAddress, Integer> ipRates,
        int defaultIpRate,
        Map<String, OfListener> listeners) {
    /** In place of a bound. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Bounds of one listener. */
    public record OfListener(int maxConnections, int maxCreationRate) {
        static final OfListener NONE = new OfListener(UNLIMITED, UNLIMITED);
    }

    public ConnectionPolicy {
        perIpOverrides = Map.copyOf(perIpOverrides);
        ipRates = Map.copyOf(ipRates);
        listeners = Map.copyOf(listeners);
    }

    /** Bounds on numbers only, the same for all. */
    static ConnectionPolicy of(ConnectionLimits limits) {
        return new ConnectionPolicy(
                limits.maxConnections(),
                UNLIMITED,
                limits.maxConnectionsPerIp(),
                Map.of(),
                Map.of(),
                UNLIMITED,
                Map.of());
    }

    int maxPerIp(InetAddress address) {
        return perIpOverrides.getOrDefault(address, maxPerIp);
    }

    int ipRate(InetAddress address) {
        return ipRates.getOrDefault(address, defaultIpRate);
    }

    OfListener listener(String name) {
        return listeners.getOrDefault(name, OfListener.NONE);
    }

    /** Whether no new connection has to wait because of how many came lately. */
    boolean hasNoRates(String listenerName) {
        return maxCreationRate == UNLIMITED
                && defaultIpRate == UNLIMITED
                && ipRates.isEmpty()
                && listener(listenerName).maxCreationRate == UNLIMITED;
    }
}
