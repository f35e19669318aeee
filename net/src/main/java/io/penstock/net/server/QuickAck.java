package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Linux acknowledge at once what one connection received; otherwise a client with Nagle's algorithm on holds its next small packet
 * back for 40 ms. Needed where no answer follows at once, which would carry the acknowledgement, and the client has more to send. The
 * kernel goes back to delayed acknowledgements when something is sent. Owned by the connection's event loop.
 */
final class QuickAck {
    private static final Logger LOGGER = LoggerFactory.getLogger(QuickAck.class);

    private final Channel channel;
    private boolean isOn;

    QuickAck(Channel channel) {
        this.channel = channel;
    }

    /** Acknowledges at once until something is sent; does nothing on transports without that, that is on all but epoll. */
    void turnOn() {
        if (isOn) {
            return;
        }
        isOn = true;
        if (channel instanceof EpollSocketChannel epoll && epoll.isOpen()) {
            try {
                epoll.config().setTcpQuickAck(true);
            } catch (ChannelException e) {
                // A dying socket. Its next read or write says so to whom it concerns.
                LOGGER.debug("Could not set TCP_QUICKACK", e);
            }
        }
    }

    /** Something was sent. */
    void onSent() {
        isOn = false;
    }
}
