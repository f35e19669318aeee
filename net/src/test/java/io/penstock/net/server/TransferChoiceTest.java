package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.net.wire.RecordTransfer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class TransferChoiceTest {
    private static final String WRITER = "writer";

    @Test
    void shouldSendFilesThroughPlainSockets() {
        // given
        Channel channel = new NioSocketChannel();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());

        // then
        assertThat(TransferChoice.of(writerOf(channel))).isEqualTo(RecordTransfer.FILES);
    }

    @Test
    void shouldSendFilesThroughEpoll() {
        Assumptions.assumeTrue(Epoll.isAvailable());
        assertThat(TransferChoice.of(writerOf(new EpollSocketChannel()))).isEqualTo(RecordTransfer.FILES);
    }

    @Test
    void shouldSendMemoryThroughTls() throws SSLException {
        // given
        Channel channel = new NioSocketChannel();
        channel.pipeline().addLast(SslContextBuilder.forClient().build().newHandler(channel.alloc()));

        // then
        assertThat(TransferChoice.of(writerOf(channel))).isEqualTo(RecordTransfer.MEMORY);
    }

    @Test
    void shouldSendMemoryThroughAnyHandlerThatSeesWhatGoesOut() {
        // given
        Channel channel = new NioSocketChannel();
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter());

        // then
        assertThat(TransferChoice.of(writerOf(channel))).isEqualTo(RecordTransfer.MEMORY);
    }

    @Test
    void shouldNotMindHandlersBehindTheWriter() {
        // given
        Channel channel = new NioSocketChannel();
        ChannelHandlerContext writer = writerOf(channel);
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter());

        // then
        assertThat(TransferChoice.of(writer)).isEqualTo(RecordTransfer.FILES);
    }

    @Test
    void shouldSendMemoryThroughTransportsThatItDoesNotKnow() {
        assertThat(TransferChoice.of(writerOf(new EmbeddedChannel()))).isEqualTo(RecordTransfer.MEMORY);
    }

    private static ChannelHandlerContext writerOf(Channel channel) {
        channel.pipeline().addLast(WRITER, new ChannelDuplexHandler());
        return channel.pipeline().context(WRITER);
    }
}
