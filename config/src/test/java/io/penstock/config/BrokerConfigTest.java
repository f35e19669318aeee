package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Problem;
import io.penstock.config.source.ServerProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerConfigTest {

    private static BrokerConfig parse(String text) {
        return BrokerConfig.of(ServerProperties.parse(text, "server.properties"));
    }

    @Test
    void shouldRunWithoutAnyConfiguration() {
        // given
        BrokerConfig defaults = BrokerConfig.defaults();

        // when, then
        assertThat(defaults.logDirs()).containsExactly(Path.of("./data"));
        assertThat(defaults.get(NetworkSettings.HTTP_PORT)).isEqualTo(9644);
        assertThat(defaults.nodeId()).isEqualTo(1);
        assertThat(defaults.transport()).isEqualTo(Transport.AUTO);
        assertThat(defaults.eventLoops()).isPositive();
        assertThat(defaults.problems()).isEmpty();
    }

    @Test
    void shouldReportAllProblemsAtOnceWithTheirPlaces() {
        assertThatThrownBy(() -> parse("num.partitions=0\nnode.id=1\nlog.segment.bytes=1g\nlisteners=SSL://:1\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        failure -> assertThat(failure.problems())
                                .extracting(Problem::line)
                                .containsExactlyInAnyOrder(
                                        "num.partitions=0: expected an int of at least 1 (in server.properties line 1)",
                                        "log.segment.bytes=1g: expected an int of at least 1048576; "
                                                + "did you mean 1073741824? (in server.properties line 3)",
                                        "listeners=SSL://:1: expected a listener of protocol PLAINTEXT: "
                                                + "SSL is not supported by this release "
                                                + "(in server.properties line 4)"));
    }

    @ParameterizedTest
    @CsvSource({
        "log.retention.hours=1, 3600000",
        "log.retention.minutes=1, 60000",
        "log.retention.ms=1, 1",
        "log.retention.hours=-1, -1",
        "'', 604800000",
    })
    void shouldConvertRetentionToMilliseconds(String text, long retentionMs) {
        assertThat(parse(text).get(LogSettings.RETENTION_MS)).isEqualTo(retentionMs);
    }

    @Test
    void shouldPreferFinerUnit() {
        // when
        BrokerConfig config = parse("log.retention.hours=1\nlog.retention.minutes=2\nlog.roll.hours=3\nlog.roll.ms=4");

        // then
        assertThat(config.get(LogSettings.RETENTION_MS)).isEqualTo(120_000L);
        assertThat(config.get(LogSettings.ROLL_MS)).isEqualTo(4L);
    }

    @Test
    void shouldConvertLargestHoursWithoutOverflow() {
        assertThat(parse("log.roll.hours=2147483647").get(LogSettings.ROLL_MS)).isEqualTo(7_730_941_129_200_000L);
    }

    @Test
    void shouldUseLogDirUnlessLogDirsIsGiven() {
        assertThat(parse("log.dir=/a").logDirs()).containsExactly(Path.of("/a"));
        assertThat(parse("log.dir=/a\nlog.dirs=/b").logDirs()).containsExactly(Path.of("/b"));
    }

    @Test
    void shouldRefuseSeveralDirectories() {
        assertThatThrownBy(() -> parse("log.dirs=/b,/c"))
                .hasMessage("log.dirs=/b,/c: expected one data directory; several are not supported"
                        + " (in server.properties line 1)");
    }

    @Test
    void shouldTakeBrokerIdForNodeId() {
        assertThat(parse("broker.id=5").nodeId()).isEqualTo(5);
        assertThat(parse("broker.id=5\nnode.id=5").nodeId()).isEqualTo(5);
        assertThatThrownBy(() -> parse("broker.id=5\nnode.id=6"))
                .hasMessage("broker.id=5: expected the same number as node.id, 6 (in server.properties line 1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "process.roles=controller | process.roles=controller: expected a list that contains broker",
                "group.coordinator.rebalance.protocols=consumer | expected a list that contains classic",
                "log.retention.hours=0 | log.retention.hours=0: expected -1 for ever, or at least 1",
                "queued.max.request.bytes=100 | queued.max.request.bytes=100: expected at least the value of socket",
                "max.connections.per.ip=0 | max.connections.per.ip=0: expected at least 1 as long as",
                "max.connections.per.ip.overrides=host | expected a string of comma-separated pairs host:count",
                "max.connections.per.ip.overrides=h:-5 | expected a string of comma-separated pairs host:count",
                "connections.max.idle.ms=100 | connection.failed.authentication.delay.ms=100: expected less than",
                "log.cleaner.min.compaction.lag.ms=9223372036854775807\\nlog.cleaner.max.compaction.lag.ms=5 "
                        + "| expected at most log.cleaner.max.compaction.lag.ms, 5",
                "compression.gzip.level=0 | expected an int from 1 to 9, or -1",
                "auto.create.topics.enable=yes | expected a boolean, true or false",
                "log.dirs=/a,,/b | of at least one element and no empty one",
                "log.dirs= | of at least one element and no empty one",
                "penstock.transport=rdma | expected a string that is one of auto, nio, epoll, epoll_busy, io_uring",
                "num.io.threads=many | num.io.threads=many: expected an int",
            })
    void shouldRefuse(String text, String message) {
        assertThatThrownBy(() -> parse(text.replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "create.topic.policy.class.name=com.example.Policy",
                "alter.config.policy.class.name=com.example.Policy",
                "config.providers=file",
            })
    void shouldRefuseGuardThatItCannotHonour(String text) {
        assertThatThrownBy(() -> parse(text)).hasMessageContaining("to ignore it would be unsafe");
    }

    @Test
    void shouldAcceptEmptyGuard() {
        assertThat(parse("authorizer.class.name=").unknownKeys()).isEmpty();
    }

    @Test
    void shouldNeverBoundRequestMemoryBelowLargestRequest() {
        assertThat(parse("penstock.request.memory.bytes=1048576").requestMemoryBytes())
                .isEqualTo(104_857_600L);
        assertThat(parse("queued.max.request.bytes=200000000").requestMemoryBytes())
                .isEqualTo(200_000_000L);
        assertThat(parse("queued.max.request.bytes=0").requestMemoryBytes()).isEqualTo(268_435_456L);
    }

    @Test
    void shouldReadConnectionLimitsPerHost() {
        // when
        BrokerConfig config = parse("max.connections.per.ip.overrides=127.0.0.1:200, [::1]:7, gate-way:0, fe80::2:9");

        // then
        assertThat(config.connectionsPerIpOverrides())
                .containsExactly(
                        Map.entry("127.0.0.1", 200),
                        Map.entry("::1", 7),
                        Map.entry("gate-way", 0),
                        Map.entry("fe80::2", 9));
    }

    @Test
    void shouldNameUnknownKeysWithWhatWasMeant() {
        // given
        BrokerConfig config = parse("num.partitons=1\nmy.own.key=2\nzookeeper.connect=localhost:2181\nnode.id=1");

        // when, then
        assertThat(StartupNotice.unknown(config))
                .contains("Unknown settings, ignored: num.partitons (in server.properties line 1; did you mean"
                        + " num.partitions?), my.own.key (in server.properties line 2), zookeeper.connect (in"
                        + " server.properties line 3; no longer a setting of Kafka)");
    }

    @Test
    void shouldNameKeysWithoutEffectInOneLine() {
        // given
        BrokerConfig config =
                parse("num.io.threads=8\nssl.key.password=geheim\nsasl.kerberos.service.name=k\nnum.partitions=1");

        // when, then
        assertThat(StartupNotice.withoutEffect(config))
                .contains(
                        "Settings of Kafka that have no effect here: num.io.threads, sasl.kerberos.service.name, ssl.key.password");
    }

    @Test
    void shouldSayNothingAboutPlainConfiguration() {
        assertThat(StartupNotice.unknown(BrokerConfig.defaults())).isEmpty();
        assertThat(StartupNotice.withoutEffect(BrokerConfig.defaults())).isEmpty();
    }

    @Test
    void shouldBoundLengthOfNotice() {
        // given
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("my.key.").append(i).append("=1\n");
        }

        // when, then
        assertThat(StartupNotice.unknown(parse(text.toString())).orElseThrow())
                .endsWith("and 960 more")
                .hasSizeLessThan(4000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listener.name.internal.ssl.keystore.location",
                "listener.name.sasl-ssl.plain.sasl.jaas.config",
                "rsm.config.bucket",
                "config.providers.file.class",
            })
    void shouldKnowSettingsOfListenersAndPlugins(String key) {
        assertThat(parse(key + "=x").unknownKeys()).isEmpty();
        assertThat(parse(key + "=x").keysWithoutEffect()).containsExactly(key);
    }

    @Test
    void shouldPutDynamicValuesOverStaticOnes() {
        // given
        BrokerConfig given = parse("log.retention.hours=1\nmessage.max.bytes=1000");

        // when
        BrokerConfig changed = given.withDynamic(
                Map.of("log.retention.ms", "5", "message.max.bytes", "2000"), Map.of("message.max.bytes", "3000"));

        // then
        assertThat(changed.get(LogSettings.RETENTION_MS)).isEqualTo(5L);
        assertThat(changed.get(LogSettings.MESSAGE_MAX_BYTES)).isEqualTo(3000);
        assertThat(given.get(LogSettings.RETENTION_MS)).isEqualTo(3_600_000L);
    }

    @Test
    void shouldSurviveDynamicValueThatBreaksRule() {
        // when
        BrokerConfig config = BrokerConfig.defaults().withDynamic(Map.of("message.max.bytes", "many"), Map.of());

        // then
        assertThat(config.get(LogSettings.MESSAGE_MAX_BYTES)).isEqualTo(1_048_588);
        assertThat(config.problems())
                .extracting(Problem::line)
                .isEqualTo(List.of("message.max.bytes=many: expected an int of at least 0"));
    }
}
