package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.source.ServerProperties;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenersTest {

    private static final String KRAFT_MAP = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,SSL:SSL";

    private static BrokerConfig config(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return BrokerConfig.of(ServerProperties.of(values));
    }

    @Test
    void shouldListenOnLoopbackByDefault() {
        // given
        BrokerConfig defaults = BrokerConfig.defaults();

        // when, then
        assertThat(defaults.listeners()).containsExactly(new Listener("PLAINTEXT", "localhost", 9092));
        assertThat(defaults.advertised("PLAINTEXT")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAINTEXT://:9092, '', 9092",
        "plaintext://h:0, h, 0",
        "PLAINTEXT://0.0.0.0:9092, 0.0.0.0, 9092",
        "PLAINTEXT://[::]:9092, ::, 9092",
        "PLAINTEXT://[fe80::1%eth0]:9092, fe80::1%eth0, 9092",
        "PLAINTEXT://my_host-1.example:65535, my_host-1.example, 65535",
    })
    void shouldReadAddress(String text, String host, int port) {
        assertThat(config("listeners", text).listeners()).containsExactly(new Listener("PLAINTEXT", host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PLAINTEXT//h:9092",
                "h:9092",
                "PLAINTEXT://h",
                "PLAINTEXT://h:",
                "PLAINTEXT://h:65536",
                "PLAINTEXT://h:-1",
                "PLAINTEXT://::1:9092",
                "PLAINTEXT://[::1:9092",
                "://h:9092",
                "PLAINTEXT://h:9092/path",
            })
    void shouldRefuseMalformedAddress(String text) {
        assertThatThrownBy(() -> config("listeners", text))
                .isInstanceOf(ConfigException.class)
                .hasMessage("listeners=" + text + ": expected NAME://host:port with a port from 0 to 65535");
    }

    @Test
    void shouldWriteIpv6InBrackets() {
        assertThat(new Listener("PLAINTEXT", "::1", 9092)).hasToString("PLAINTEXT://[::1]:9092");
    }

    @Test
    void shouldIgnoreListenersOfControllers() {
        // when
        BrokerConfig config = config(
                "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093",
                "advertised.listeners", "PLAINTEXT://h:9092,CONTROLLER://h:9093",
                "controller.listener.names", "CONTROLLER",
                "listener.security.protocol.map", KRAFT_MAP);

        // then
        assertThat(config.listeners()).containsExactly(new Listener("PLAINTEXT", "", 9092));
        assertThat(config.advertised("CONTROLLER")).isEmpty();
    }

    @Test
    void shouldRefuseControllersListenersOnly() {
        assertThatThrownBy(() -> config(
                        "listeners", "CONTROLLER://:9093",
                        "controller.listener.names", "CONTROLLER",
                        "listener.security.protocol.map", KRAFT_MAP))
                .hasMessageContaining("expected at least one listener that is not named in controller.listener.names");
    }

    @Test
    void shouldRefuseTwoListenersOfOneName() {
        assertThatThrownBy(() -> config("listeners", "PLAINTEXT://a:1,PLAINTEXT://b:2"))
                .hasMessage("listeners=PLAINTEXT://b:2: expected each listener to have a name of its own");
    }

    @Test
    void shouldRefuseTwoListenersOnOnePort() {
        assertThatThrownBy(() -> config(
                        "listeners", "PLAINTEXT://a:1,INTERNAL://b:1", "listener.security.protocol.map", KRAFT_MAP))
                .hasMessage("listeners=INTERNAL://b:1: expected each listener to have a port of its own");
    }

    @Test
    void shouldAllowOnePortForBothAddressFamilies() {
        // when
        BrokerConfig config = config(
                "listeners", "PLAINTEXT://127.0.0.1:1,INTERNAL://[::1]:1", "listener.security.protocol.map", KRAFT_MAP);

        // then
        assertThat(config.listeners()).hasSize(2);
    }

    @Test
    void shouldAllowSeveralFreePorts() {
        // when
        BrokerConfig config =
                config("listeners", "PLAINTEXT://a:0,INTERNAL://b:0", "listener.security.protocol.map", KRAFT_MAP);

        // then
        assertThat(config.listeners()).hasSize(2);
    }

    @Test
    void shouldRefuseProtocolThatIsNotSupported() {
        assertThatThrownBy(() -> config("listeners", "SSL://:9093"))
                .hasMessage("listeners=SSL://:9093: expected a listener of protocol PLAINTEXT: "
                        + "SSL is not supported by this release");
    }

    @Test
    void shouldRefuseNameWithoutProtocol() {
        assertThatThrownBy(() -> config("listeners", "FOO://:9093"))
                .hasMessageContaining("a name that listener.security.protocol.map gives a protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT:FOO", "PLAINTEXT", ":PLAINTEXT", "PLAINTEXT:PLAINTEXT,"})
    void shouldRefuseMalformedProtocolMap(String map) {
        assertThatThrownBy(() -> config("listener.security.protocol.map", map))
                .hasMessageContaining("expected NAME:PROTOCOL with one of");
    }

    @ParameterizedTest
    @CsvSource({
        "INTERNAL://h:1, a name that listeners has too",
        "PLAINTEXT://0.0.0.0:1, a host that clients can reach",
        "PLAINTEXT://:1, a host that clients can reach",
        "PLAINTEXT://h:0, with a port from 1 to 65535",
        "'PLAINTEXT://h:1,PLAINTEXT://h:2', each listener to be advertised once",
    })
    void shouldRefuseAdvertisedAddressThatCannotWork(String text, String rule) {
        assertThatThrownBy(() -> config("listeners", "PLAINTEXT://:9092", "advertised.listeners", text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("advertised.listeners=")
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "PLAINTEXT://:9092,"})
    void shouldRefuseEmptyElements(String text) {
        assertThatThrownBy(() -> config("listeners", text))
                .hasMessageContaining("a comma-separated list of at least one element and no empty one");
    }
}
