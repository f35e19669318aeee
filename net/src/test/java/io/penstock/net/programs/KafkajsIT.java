package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The usual work of kafkajs 2.2, a JavaScript client with a protocol implementation of its own that asks for old versions of many
 * requests. The claims are in {@code src/test/javascript/kafkajs}.
 */
@Tag("long")
class KafkajsIT {
    private static final Path SCRIPTS = Path.of("src", "test", "javascript", "kafkajs");

    @TempDir
    static Path directory;

    private static BrokerProcess broker;
    private static Path modules = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> found = Toolbox.nodeModulesWithKafkajs();
        assumeTrue(found.isPresent(), Toolbox.howToGetKafkajs());
        modules = found.get();
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "producer", "consumer"})
    void shouldDoItsUsualWork(String script) throws IOException {
        Outcome outcome = CommandLine.program(
                CommandLine.NO_INPUT,
                "env",
                "BOOTSTRAP=" + broker.bootstrap(),
                "NODE_PATH=" + modules,
                "node",
                SCRIPTS.resolve(script + ".js").toString());
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }
}
