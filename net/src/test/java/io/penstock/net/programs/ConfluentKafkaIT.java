package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The usual work of Python's confluent-kafka 1.7 (librdkafka 2.0): its admin client, idempotent producers with every codec, eager,
 * cooperative and static members. The claims are in {@code src/test/python}.
 */
class ConfluentKafkaIT {

    @Test
    void shouldDoItsUsualWork(@TempDir Path directory) throws Exception {
        assumeTrue(Toolbox.pythonWithConfluentKafka().isPresent(), Toolbox.howToGetConfluentKafka());
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            Outcome outcome = CommandLine.program(
                    CommandLine.NO_INPUT,
                    "env",
                    "BOOTSTRAP=" + broker.bootstrap(),
                    Toolbox.pythonWithConfluentKafka().orElseThrow(),
                    Path.of("src", "test", "python", "usual_work.py").toString());
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        }
    }
}
