package io.penstock.net.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;

/**
 * Operations on a channel whose outcome reaches us elsewhere, so that their futures are dropped here on purpose: a failed plain write
 * comes back as {@code exceptionCaught}, a close through the channel's close future. Stateless.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Outbound {
    private Outbound() {}

    /** Writes a part of an answer: bytes or a region of a file. */
    static void write(ChannelHandlerContext ctx, ReferenceCounted part) {
        ctx.write(part, ctx.voidPromise());
    }

    /** Writes, and calls {@code taken} when the socket took the bytes or the write has failed. */
    static void write(
            ChannelHandlerContext ctx, ReferenceCounted part, GenericFutureListener<Future<? super Void>> taken) {
        ctx.write(part).addListener(taken);
    }

    static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }

    /** Flushes, and closes when the socket took all that was written. */
    static void closeAfterWrites(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
