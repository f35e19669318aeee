package io.penstock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class BrokerAddressTest {
    private final BrokerAddress addresses = new BrokerAddress();

    @ParameterizedTest
    @CsvSource({"127.0.0.1:9092, 9092", "[::1]:65535, 65535"})
    void shouldReadHostAndPort(String text, int port) {
        InetSocketAddress address = addresses.convert(text);

        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
        assertThat(address.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":9092", "localhost:", "localhost:-1", "localhost:65536", "localhost:9092/x"})
    void shouldRefuseEverythingElse(String text) {
        assertThatThrownBy(() -> addresses.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("expected host:port, found '" + text + "'");
    }
}
