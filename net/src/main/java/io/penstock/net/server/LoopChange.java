package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes a channel from one event loop to another. Stateless. */
@SuppressWarnings("FutureReturnValueIgnored") // The listeners tell.
final class LoopChange {
    private LoopChange() {}

    /** Not with io_uring, which may have reads under way in the kernel, and not in the midst of TLS. */
    static boolean isPossible(Channel channel) {
        boolean isMovable = channel instanceof EpollSocketChannel || channel instanceof NioSocketChannel;
        return isMovable && channel.isRegistered() && channel.pipeline().get(SslHandler.class) == null;
    }

    /**
     * Begins to move. Called on the channel's event loop, which afterwards runs nothing of the channel's any more.
     *
     * @param whenThere called on {@code target} with null, or on either loop with the failure: the channel must be closed then
     */
    static void begin(Channel channel, EventLoop target, Consumer<@Nullable Throwable> whenThere) {
        channel.deregister().addListener(left -> {
            if (left.isSuccess()) {
                target.register(channel).addListener(arrived -> whenThere.accept(arrived.cause()));
            } else {
                whenThere.accept(left.cause());
            }
        });
    }
}
