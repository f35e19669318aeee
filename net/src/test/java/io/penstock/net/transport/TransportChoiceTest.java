package io.penstock.net.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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

    @Test
    void shouldLookForWorkBeforeItSleepsOnlyWithEpoll() {
        Duration spin = Duration.of(50, ChronoUnit.MICROS);
        assertThat(TransportChoice.NIO.resolve(spin)).isEqualTo(Transport.NIO);
        if (Transport.EPOLL != null && Transport.EPOLL.available()) {
            boolean hasProcessors = Runtime.getRuntime().availableProcessors() > 1;
            assertThat(TransportChoice.AUTO.resolve()).isEqualTo(Transport.EPOLL);
            assertThat(TransportChoice.AUTO.resolve(spin).implementation() instanceof SpinningEpoll)
                    .isEqualTo(hasProcessors);
        }
    }
}
