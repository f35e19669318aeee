package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Finds clients that vanished without a word, such as a machine that lost power: a connection without traffic is probed after 15 s and
 * given up 15 s later. The system's own default is two hours. Stateless.
 */
final class KeepAlive {
    private static final int IDLE_S = 15;
    private static final int INTERVAL_S = 5;
    private static final int PROBES = 3;

    private KeepAlive() {}

    /** Sets the probing of {@code channel}, which must have SO_KEEPALIVE on; what a transport or system lacks is left out. */
    static void tune(Channel channel) {
        ChannelConfig config = channel.config();
        if (channel instanceof EpollSocketChannel) {
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, IDLE_S);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, INTERVAL_S);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
        } else if (channel instanceof NioSocketChannel) {
            config.setOption(nio(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_S);
            config.setOption(nio(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_S);
            config.setOption(nio(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
        }
    }

    private static ChannelOption<Integer> nio(SocketOption<Integer> option) {
        return NioChannelOption.of(option);
    }
}
