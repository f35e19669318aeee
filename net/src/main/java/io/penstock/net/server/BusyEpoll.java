package io.penstock.net.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollIoHandler;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Epoll whose event loops never sleep: each keeps a processor busy, and nothing that comes has to wake it. On a virtual machine a
 * sleeping processor takes tens of microseconds to wake. Immutable.
 */
final class BusyEpoll implements Transport {
    /** As many as come at a time; Netty's default. */
    private static final int ANY_EVENTS = 0;

    private final Transport epoll;

    /** @param epoll Vert.x's own, which is available */
    BusyEpoll(Transport epoll) {
        this.epoll = epoll;
    }

    @Override
    public String name() {
        return "epoll_busy";
    }

    @Override
    public boolean available() {
        return epoll.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return epoll.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new EpollTransport() {
            @Override
            public IoHandlerFactory ioHandlerFactory() {
                return EpollIoHandler.newFactory(
                        ANY_EVENTS, () -> (ready, hasTasks) -> hasTasks ? ready.get() : SelectStrategy.BUSY_WAIT);
            }
        };
    }
}
