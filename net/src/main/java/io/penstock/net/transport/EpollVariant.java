package io.penstock.net.transport;

import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Epoll with event loops that wait in a way of their own. Immutable.
 *
 * @param epoll Vert.x's own, which is available
 */
record EpollVariant(String name, Transport epoll, EpollTransport implementation) implements Transport {
    @Override
    public boolean available() {
        return epoll.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return epoll.unavailabilityCause();
    }
}
