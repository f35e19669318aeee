package io.penstock.net.server;

/**
 * What is asked of the operating system. Immutable.
 *
 * @param backlog connections that wait to be accepted. Kafka's {@code socket.listen.backlog.size}
 * @param sendBufferBytes -1 leaves it to the system, which adapts it. Kafka's {@code socket.send.buffer.bytes}
 * @param receiveBufferBytes as above. Kafka's {@code socket.receive.buffer.bytes}
 */
public record SocketSettings(int backlog, int sendBufferBytes, int receiveBufferBytes) {
    /** A backlog of 1024; buffers as the system sees fit. */
    public static final SocketSettings DEFAULTS = new SocketSettings(1024, -1, -1);

    public SocketSettings {
        ConnectionLimits.requirePositive("backlog", backlog);
    }
}
