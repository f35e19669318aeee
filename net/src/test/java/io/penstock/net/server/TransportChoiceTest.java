package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Test;

final class TransportChoiceTest {
    @Test
    void shouldReadTheSettingsText() {
        assertThat(TransportChoice.parse("auto")).isEqualTo(TransportChoice.AUTO);
        assertThat(TransportChoice.parse("io_uring")).isEqualTo(TransportChoice.IO_URING);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransportChoice.parse("fast"))
                .withMessageContaining("auto, nio, epoll, epoll_busy or io_uring")
                .withMessageContaining("fast");
    }

    @Test
    void shouldAlwaysFindSomeTransportByItself() {
        assertThat(TransportChoice.AUTO.resolve().available()).isTrue();
        assertThat(TransportChoice.NIO.resolve()).isEqualTo(Transport.NIO);
    }
}
