package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.Listener;
import io.penstock.config.NetworkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Looks whether all ports are free before anything else is touched, so that a second start of the same broker is refused at once and
 * leaves no trace. A port taken between this look and the real bind is found by the latter. Blocks for microseconds.
 */
final class PortCheck {

    private PortCheck() {}

    /** @throws PortUnavailableException naming the first address that cannot be bound */
    static void check(BrokerConfig config) {
        for (Listener listener : config.listeners()) {
            check(NetworkSettings.LISTENERS.key(), listener.toString(), listener.host(), listener.port());
        }
        int httpPort = config.get(NetworkSettings.HTTP_PORT);
        String httpHost = config.get(NetworkSettings.HTTP_HOST);
        check(NetworkSettings.HTTP_PORT.key(), Integer.toString(httpPort), httpHost, httpPort);
    }

    private static void check(String key, String value, String host, int port) {
        if (port <= 0) {
            return;
        }
        try {
            bind(host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(resolve(host), port));
        } catch (IOException refused) {
            throw new PortUnavailableException(key, value, host, port, refused);
        }
    }

    private static InetAddress resolve(String host) throws IOException {
        return InetAddress.getByName(host);
    }

    /** With the same option as the real listeners, which may take a port whose old connections have not wholly ended. */
    private static void bind(InetSocketAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        }
    }
}
