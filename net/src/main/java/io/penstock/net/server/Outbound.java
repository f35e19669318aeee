package io.penstock.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;

/**
 * Operations on a channel whose outcome reaches us elsewhere, so that their futures are dropped here on purpose: a failed plain write
 * comes back as {@code exceptionCaught}, a close through the channel's close future. Stateless.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Outbound {
    private Outbound() {}

    static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        ctx.write(bytes, ctx.voidPromise());
    }

    /** Writes, and calls {@code taken} when the socket took the bytes or the write has failed. */
    static void write(ChannelHandlerContext ctx, ByteBuf bytes, GenericFutureListener<Future<? super Void>> taken) {
        ctx.write(bytes).addListener(taken);
    }

    static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }

    /** Flushes, and closes when the socket took all that was written. */
    static void closeAfterWrites(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
