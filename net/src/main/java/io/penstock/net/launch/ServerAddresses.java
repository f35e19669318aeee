package io.penstock.net.launch;

import java.util.List;
import java.util.Optional;

/**
 * Where a started server can be reached. Immutable.
 *
 * @param kafka one for each listener, in the order of {@code listeners}
 * @param http empty if HTTP is off
 */
public record ServerAddresses(List<Endpoint> kafka, Optional<Endpoint> http) {

    public ServerAddresses {
        kafka = List.copyOf(kafka);
    }

    /**
     * One bound address.
     *
     * @param name of the listener, or {@code http}
     * @param host as configured; empty for every interface
     * @param port the one really bound
     */
    public record Endpoint(String name, String host, int port) {

        /** Host and port for a client on this machine: {@code localhost:9092}. */
        public String local() {
            boolean isEveryInterface = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
            return (isEveryInterface ? "localhost" : bracketed(host)) + ":" + port;
        }

        /** As configured, with the port really bound: {@code 0.0.0.0:9092}. */
        public String bound() {
            return (host.isEmpty() ? "0.0.0.0" : bracketed(host)) + ":" + port;
        }

        private static String bracketed(String host) {
            return host.contains(":") ? "[" + host + "]" : host;
        }
    }
}
