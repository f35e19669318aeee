package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.penstock.net.wire.RecordTransfer;
import java.util.Map;

/**
 * Decides whether a connection takes regions of files. It does where the transport hands them to the system in one call and nothing stands
 * between us and the socket: TLS has to see every byte that it encrypts, and so does any other handler of what goes out. In doubt it is
 * memory, which works everywhere. Stateless.
 *
 * <p>Io_uring takes regions, too, but in two operations for each 64 KiB, each on a thread of the kernel.
 */
final class TransferChoice {
    private TransferChoice() {}

    /** @param writer through which answers will be written */
    static RecordTransfer of(ChannelHandlerContext writer) {
        return of(writer.channel(), writer.handler());
    }

    private static RecordTransfer of(Channel channel, ChannelHandler writer) {
        boolean sendsFiles = channel instanceof EpollSocketChannel || channel instanceof NioSocketChannel;
        return sendsFiles && !isIntercepted(channel, writer) ? RecordTransfer.FILES : RecordTransfer.MEMORY;
    }

    private static boolean isIntercepted(Channel channel, ChannelHandler writer) {
        for (Map.Entry<String, ChannelHandler> inFront : channel.pipeline()) {
            if (inFront.getValue() == writer) {
                return false;
            }
            if (inFront.getValue() instanceof ChannelOutboundHandler) {
                return true;
            }
        }
        return false;
    }
}
