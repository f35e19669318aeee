package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the scripts of {@code config/examples/python} can do that those in other languages cannot. confluent-kafka is Debian's package
 * {@code python3-confluent-kafka}.
 */
class PythonExamplesIT {
    @TempDir
    static Path directory;

    private static BrokerProcess broker;
    private static String python = "python3";

    @BeforeAll
    static void start() throws Exception {
        Optional<String> found = Toolbox.pythonWithConfluentKafka();
        assumeTrue(found.isPresent(), Toolbox.howToGetConfluentKafka());
        python = found.get();
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldCarryJsonFromProducerToConsumer(String compression) throws IOException {
        String topic = "orders-" + compression;
        Outcome produced = run("json_producer.py", "--topic", topic, "--count", "50", "--compression", compression);
        assertThat(produced.output()).contains(topic + "[0]@49");

        Outcome consumed = run("json_consumer.py", "--topic", topic, "--count", "50", "--assign");
        assertThat(consumed.output()).contains("\"order\": 0,", "\"order\": 49,");
    }

    @Test
    void shouldProduceWithEveryAcknowledgementLevel() throws IOException {
        for (String acks : List.of("0", "1", "all")) {
            run("json_producer.py", "--topic", "acks", "--count", "20", "--acks", acks);
        }
        Outcome consumed = run("json_consumer.py", "--topic", "acks", "--count", "60", "--assign");
        assertThat(consumed.output()).contains("60 records read");
    }

    private static Outcome run(String script, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 4];
        command[0] = python;
        command[1] = Toolbox.EXAMPLES.resolve("python").resolve(script).toString();
        command[2] = "--bootstrap";
        command[3] = broker.bootstrap();
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        Outcome outcome = CommandLine.program(CommandLine.NO_INPUT, command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }
}
