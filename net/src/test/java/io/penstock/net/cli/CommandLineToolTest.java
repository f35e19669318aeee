package io.penstock.net.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.NetworkSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineToolTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<BrokerConfig> launched = new ArrayList<>();
    private final List<StartOptions> options = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void shouldStartWithDefaultsWhenGivenNothing() {
        // when
        int code = run(Map.of());

        // then
        assertThat(code).isZero();
        assertThat(launched).hasSize(1);
        assertThat(launched.get(0).get(BrokerSettings.NUM_PARTITIONS)).isEqualTo(1);
    }

    @Test
    void shouldStartWithoutTheWordStart() {
        // when
        int code = run(Map.of(), "--override", "num.partitions=3", "--ready-file", "here");

        // then
        assertThat(code).isZero();
        assertThat(launched.get(0).get(BrokerSettings.NUM_PARTITIONS)).isEqualTo(3);
        assertThat(options.get(0).readyFile()).contains(Path.of("here"));
    }

    @Test
    void shouldLetTheCommandLineWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
        // given
        Path file = directory.resolve("server.properties");
        Files.writeString(file, "num.partitions=2\nhttp.port=2\nnode.id=2\n");
        Map<String, String> environment = Map.of("KAFKA_HTTP_PORT", "3", "KAFKA_NODE_ID", "3");

        // when
        int code = run(environment, "start", file.toString(), "--override", "node.id=4");

        // then
        assertThat(code).isZero();
        BrokerConfig config = launched.get(0);
        assertThat(config.get(BrokerSettings.NUM_PARTITIONS)).isEqualTo(2);
        assertThat(config.get(NetworkSettings.HTTP_PORT)).isEqualTo(3);
        assertThat(config.nodeId()).isEqualTo(4);
    }

    @Test
    void shouldKeepEqualsSignsInsideAnOverridesValue() {
        // when
        run(Map.of(), "--override", "broker.rack=a=b,c=d");

        // then
        assertThat(launched.get(0).find(BrokerSettings.BROKER_RACK)).contains("a=b,c=d");
    }

    @Test
    void shouldNameKeyValueRuleAndRemedyOfABadSetting() {
        // when
        int code = run(Map.of(), "--override", "num.partitions=0");

        // then
        assertThat(code).isEqualTo(78);
        assertThat(launched).isEmpty();
        assertThat(err.toString())
                .contains("num.partitions", "0", "at least 1", "--override", "what to do")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldNameEveryBadSettingAtOnce() {
        // when
        run(Map.of("KAFKA_HTTP_PORT", "high"), "--override", "num.partitions=0");

        // then
        assertThat(err.toString()).contains("2 settings", "num.partitions", "http.port", "KAFKA_HTTP_PORT");
    }

    @Test
    void shouldRefuseAFileThatIsMissingAsBadConfiguration() {
        // when
        int code = run(Map.of(), "strat");

        // then
        assertThat(code).isEqualTo(78);
        assertThat(err.toString()).contains("strat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start --bogus",
                "--override",
                "--override novalue",
                "--override =x",
                "start a.properties b.properties",
                "--log-format xml",
                "--log-level loud",
                "config --describe num.partitons"
            })
    void shouldEndWithUsageWhenTheArgumentsMakeNoSense(String arguments) {
        // when
        int code = run(Map.of(), arguments.split(" ", -1));

        // then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).startsWith("penstock: ").contains("--help").hasLineCount(2);
        assertThat(launched).isEmpty();
    }

    @Test
    void shouldTakeTheLogFormatFromTheEnvironment() {
        // when
        int code = run(Map.of("LOG_FORMAT", "xml"));

        // then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("xml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "start --help", "config --help", "help start", "-h"})
    void shouldExplainItself(String arguments) {
        // when
        int code = run(Map.of(), arguments.split(" ", -1));

        // then
        assertThat(code).isZero();
        assertThat(out.toString()).contains("Usage: penstock");
        assertThat(launched).isEmpty();
    }

    @Test
    void shouldTellItsVersion() {
        // when
        int code = run(Map.of(), "--version");

        // then
        assertThat(code).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("penstock 1.2.3");
    }

    @Test
    void shouldPrintTheSettingsThatAStartWouldUse() {
        // when
        int code = run(Map.of("KAFKA_NUM_PARTITIONS", "7"), "config", "--override", "node.id=4");

        // then
        assertThat(code).isZero();
        assertThat(out.toString().lines()).containsExactlyInAnyOrder("num.partitions=7", "node.id=4");
    }

    @Test
    void shouldPrintAllDefaultsAsAFileThatCanBeStartedWith() throws Exception {
        // given
        run(Map.of(), "config", "--all", "--override", "node.id=4");
        Path file = directory.resolve("printed.properties");
        Files.writeString(file, out.toString().replaceFirst("#num.partitions", "num.partitions"));

        // when
        int code = run(Map.of(), "start", file.toString());

        // then
        assertThat(code).isZero();
        Properties printed = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            printed.load(reader);
        }
        assertThat(printed).containsOnlyKeys("node.id", "num.partitions");
        assertThat(launched.get(0).nodeId()).isEqualTo(4);
    }

    @Test
    void shouldNotPrintSecrets() {
        // when
        run(Map.of(), "config", "--override", "ssl.keystore.password=hunter2");

        // then
        assertThat(out.toString()).doesNotContain("hunter2");
    }

    @Test
    void shouldDescribeASetting() {
        // when
        int code = run(Map.of(), "config", "--describe", "num.partitions");

        // then
        assertThat(code).isZero();
        assertThat(out.toString()).contains("num.partitions", "at least 1", "default  1");
    }

    @Test
    void shouldSuggestTheKeyThatWasMeant() {
        // when
        run(Map.of(), "config", "--describe", "num.partitons");

        // then
        assertThat(err.toString()).contains("did you mean num.partitions?");
    }

    private int run(Map<String, String> environment, String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), environment);
        CommandLineTool tool = new CommandLineTool(
                terminal,
                (config, asked, report) -> {
                    launched.add(config);
                    options.add(asked);
                    return ExitCode.OK;
                },
                "1.2.3");
        int code = tool.run(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }
}
