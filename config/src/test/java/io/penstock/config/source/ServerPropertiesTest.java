package io.penstock.config.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.config.setting.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerPropertiesTest {

    @Test
    void shouldRememberLineOfEveryValue() {
        // given
        String text = "# comment\n\nnum.partitions = 3\nlisteners=A://:1,\\\n   B://:2\nlog.dirs:/data\n";

        // when
        Map<String, SourcedValue> values =
                ServerProperties.parse(text, "my.properties").values();

        // then
        assertThat(values)
                .containsEntry("num.partitions", new SourcedValue("3", "in my.properties line 3"))
                .containsEntry("listeners", new SourcedValue("A://:1,B://:2", "in my.properties line 4"))
                .containsEntry("log.dirs", new SourcedValue("/data", "in my.properties line 6"));
    }

    @Test
    void shouldTakeLastOfRepeatedKey() {
        // when
        Map<String, SourcedValue> values =
                ServerProperties.parse("a=1\na=2", "f").values();

        // then
        assertThat(values).containsOnly(Map.entry("a", new SourcedValue("2", "in f line 2")));
    }

    @Test
    void shouldNameEveryLineWithMalformedEscape() {
        assertThatThrownBy(() -> ServerProperties.parse("a=\\u12\nb=1\nc=\\uXYZW", "f"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        failure -> assertThat(failure.problems())
                                .extracting(problem -> problem.key())
                                .containsExactly("f line 1", "f line 3"));
    }

    @Test
    void shouldReadFile(@TempDir Path directory) throws Exception {
        // given
        Path file = directory.resolve("server.properties");
        Files.writeString(file, "broker.rack=b\u00fcro\\u20ac\r\nnode.id=7", StandardCharsets.ISO_8859_1);

        // when
        Map<String, SourcedValue> values = ServerProperties.load(file).values();

        // then
        assertThat(values)
                .containsEntry("broker.rack", new SourcedValue("b\u00fcro\u20ac", "in server.properties line 1"))
                .containsEntry("node.id", new SourcedValue("7", "in server.properties line 2"));
    }

    @Test
    void shouldSayWhichFileIsMissing(@TempDir Path directory) {
        // given
        Path file = directory.resolve("absent.properties");

        // when, then
        assertThatThrownBy(() -> ServerProperties.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("configuration file=" + file + ": expected a file of settings that exists"
                        + " (the commands are start, config and help)");
    }

    @Test
    void shouldSayThatDirectoryIsNoFile(@TempDir Path directory) {
        assertThatThrownBy(() -> ServerProperties.load(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected a file that can be read");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_NUM_PARTITIONS, num.partitions",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, listener.security.protocol.map",
        "KAFKA_SASL__JAAS, sasl_jaas",
        "KAFKA_LISTENER_NAME_SASL___SSL_PORT, listener.name.sasl-ssl.port",
        "KAFKA_PENSTOCK_TRANSPORT, penstock.transport",
        "KAFKA_HTTP_PORT, http.port",
    })
    void shouldTranslateEnvironmentAsKafkaImageDoes(String variable, String key) {
        // when
        Map<String, SourcedValue> values =
                ServerProperties.environment(Map.of(variable, "x")).values();

        // then
        assertThat(values).containsOnly(Map.entry(key, new SourcedValue("x", "in environment variable " + variable)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "KAFKA_",
                "KAFKA",
                "KAFKA_HOME",
                "KAFKA_VERSION",
                "KAFKA_OPTS",
                "KAFKA_HEAP_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "KAFKA_GC_LOG_OPTS",
                "KAFKA_LOG4J_OPTS",
                "KAFKA_JMX_OPTS",
                "KAFKA_JMX_PORT",
                "KAFKA_SERVICE_HOST",
                "KAFKA_SERVICE_PORT",
                "KAFKA_SERVICE_PORT_CLIENT",
                "KAFKA_PORT",
                "KAFKA_PORT_9092_TCP",
                "KAFKA_PORT_9092_TCP_ADDR",
            })
    void shouldIgnoreVariableThatIsNoSetting(String variable) {
        assertThat(ServerProperties.environment(Map.of(variable, "tcp://10.0.0.1:9092"))
                        .values())
                .isEmpty();
    }

    @Test
    void shouldLetCommandLineBeatEnvironmentAndEnvironmentBeatFile() {
        // given
        ServerProperties file = ServerProperties.parse("a=file\nb=file\nc=file", "f");
        ServerProperties environment = ServerProperties.environment(Map.of("KAFKA_B", "env", "KAFKA_C", "env"));
        ServerProperties commandLine = ServerProperties.overrides(List.of("c=x=y"));

        // when
        Map<String, SourcedValue> values =
                file.overriddenBy(environment).overriddenBy(commandLine).values();

        // then
        assertThat(values)
                .containsEntry("a", new SourcedValue("file", "in f line 1"))
                .containsEntry("b", new SourcedValue("env", "in environment variable KAFKA_B"))
                .containsEntry("c", new SourcedValue("x=y", "in --override c"));
    }

    @Test
    void shouldRefuseEveryOverrideWithoutKeyOrEqualsSign() {
        assertThatThrownBy(() -> ServerProperties.overrides(List.of("novalue", "a=1", "=1")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--override=novalue: expected key=value\n--override==1: expected key=value");
    }
}
