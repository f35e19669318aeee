package io.penstock.net.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollIoHandler;
import io.vertx.core.impl.transports.EpollTransport;

/**
 * Epoll whose event loops never sleep: each keeps a processor busy, and nothing that comes has to wake it. On a virtual machine a
 * sleeping processor takes tens of microseconds to wake. Immutable.
 */
final class BusyEpoll extends EpollTransport {
    /** As many as come at a time; Netty's default. */
    private static final int ANY_EVENTS = 0;

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return EpollIoHandler.newFactory(
                ANY_EVENTS, () -> (ready, hasTasks) -> hasTasks ? ready.get() : SelectStrategy.BUSY_WAIT);
    }
}
