package io.penstock.net.server;

import java.net.InetSocketAddress;

/**
 * What is known about the client at the other end of a connection. Facts of the socket are final; what the client tells later
 * (software, principal) is set on the connection's event loop by the handlers of ApiVersions and of authentication.
 *
 * <p>Safe from any thread: final or volatile fields.
 */
public final class ConnectionInfo {
    /** Principal of a connection that did not authenticate. */
    public static final String ANONYMOUS = "User:ANONYMOUS";

    private final String id;
    private final String listenerName;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;

    private volatile ClientSoftware clientSoftware = ClientSoftware.UNKNOWN;
    private volatile String principalName = ANONYMOUS;

    public ConnectionInfo(
            String id, String listenerName, InetSocketAddress localAddress, InetSocketAddress remoteAddress) {
        this.id = id;
        this.listenerName = listenerName;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
    }

    /** Unique in this process; the {@code connectionId} of log lines. */
    public String id() {
        return id;
    }

    /** Name of the listener, as in {@code listeners=NAME://host:port}. */
    public String listenerName() {
        return listenerName;
    }

    /** The address on this machine that the client really reached, as literal text without a scope. */
    public String localHost() {
        return literal(localAddress);
    }

    /** The port on this machine that the client really reached. */
    public int localPort() {
        return localAddress.getPort();
    }

    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The client's address as literal text without a scope and without its port. */
    public String remoteHost() {
        return literal(remoteAddress);
    }

    public ClientSoftware clientSoftware() {
        return clientSoftware;
    }

    /** The client told which software it is. */
    public void onClientSoftware(ClientSoftware software) {
        clientSoftware = software;
    }

    /** Who the client proved to be, as {@code type:name}; {@link #ANONYMOUS} without authentication. */
    public String principalName() {
        return principalName;
    }

    /** The client proved who it is. */
    public void onAuthenticated(String principal) {
        principalName = principal;
    }

    private static String literal(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
