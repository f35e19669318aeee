package io.penstock.net.transport;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.vertx.core.impl.transports.EpollTransport;

/** Vert.x's epoll, with event loops that look for work for a while before they sleep. Immutable. */
final class SpinningEpoll extends EpollTransport {
    /** As many as come at a time; Netty's default. */
    private static final int ANY_EVENTS = 0;

    private final long windowNs;

    /** @param windowNs how long to look at most */
    SpinningEpoll(long windowNs) {
        this.windowNs = windowNs;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory(ANY_EVENTS, DefaultSelectStrategyFactory.INSTANCE);
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor loop) {
                return new SpinningIoHandler(epoll.newHandler(loop), new SpinForecast(windowNs), System::nanoTime);
            }

            @Override
            public boolean isChangingThreadSupported() {
                return epoll.isChangingThreadSupported();
            }
        };
    }
}
