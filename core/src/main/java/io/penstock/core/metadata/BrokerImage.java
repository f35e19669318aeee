package io.penstock.core.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered broker.
 *
 * @param advertised host and port by listener name, as set; empty if clients are to be told the address they reached us on
 */
public record BrokerImage(
        int nodeId, long epoch, boolean fenced, @Nullable String rack, Map<String, HostPort> advertised) {
    public BrokerImage {
        advertised = Map.copyOf(advertised);
    }

    /** A reachable address. */
    public record HostPort(String host, int port) {}
}
