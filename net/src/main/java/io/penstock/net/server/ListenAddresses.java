package io.penstock.net.server;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which addresses a listener's host stands for. Stateless. */
final class ListenAddresses {
    private static final Logger LOGGER = LoggerFactory.getLogger(ListenAddresses.class);
    private static final String LOOPBACK_4 = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";
    private static final byte[] LOOPBACK_6_BYTES = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final String ANY = "0.0.0.0";

    private ListenAddresses() {}

    /**
     * The addresses to bind, at least one. {@code localhost} is both loopback addresses if this machine has both, because clients resolve
     * it to either; the empty host is all interfaces, IPv6 included where the system has it.
     */
    static List<String> of(String host) {
        if (host.isEmpty()) {
            return List.of(ANY);
        }
        if (!"localhost".equals(host)) {
            return List.of(host);
        }
        return hasLoopback6() ? List.of(LOOPBACK_4, LOOPBACK_6) : List.of(LOOPBACK_4);
    }

    private static boolean hasLoopback6() {
        if (NetUtil.isIpV4StackPreferred()) {
            return false;
        }
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByAddress(LOOPBACK_6_BYTES)) != null;
        } catch (SocketException | UnknownHostException e) {
            LOGGER.debug("This machine has no IPv6 loopback address", e);
            return false;
        }
    }
}
