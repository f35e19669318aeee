package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Linux acknowledge at once what it received. The kernel goes back to delayed acknowledgements by itself, so this is repeated
 * after every read that no answer follows at once, which would carry the acknowledgement; otherwise a client with Nagle's algorithm on holds its next small packet back for 40 ms. Stateless.
 */
final class QuickAck {
    private static final Logger LOGGER = LoggerFactory.getLogger(QuickAck.class);

    private QuickAck() {}

    /** Sets the socket option again; does nothing on transports without it, that is on all but epoll. */
    static void rearm(Channel channel) {
        if (channel instanceof EpollSocketChannel epoll && epoll.isOpen()) {
            try {
                epoll.config().setTcpQuickAck(true);
            } catch (ChannelException e) {
                // A dying socket. Its next read or write says so to whom it concerns.
                LOGGER.debug("Could not set TCP_QUICKACK", e);
            }
        }
    }
}
