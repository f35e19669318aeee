package io.penstock.net.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the programs are that these tests run, and how to get those that are missing. */
public final class Toolbox {
    /** The example clients of the repository. */
    static final Path EXAMPLES = Path.of("..", "config", "examples");

    private static final Path JAVASCRIPT = EXAMPLES.resolve("javascript");

    private Toolbox() {}

    /** A Python that has confluent-kafka. Debian installs it for its own interpreter, which need not be the first on the path. */
    public static Optional<String> pythonWithConfluentKafka() throws IOException {
        for (String candidate : List.of("python3", "/usr/bin/python3")) {
            if (CommandLine.exists(candidate)
                    && CommandLine.program(CommandLine.NO_INPUT, candidate, "-c", "import confluent_kafka")
                                    .exitCode()
                            == 0) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** What a skipped test says when {@link #pythonWithConfluentKafka} found none. */
    public static String howToGetConfluentKafka() {
        return "SKIPPED: no python3 with confluent_kafka (apt-get install python3-confluent-kafka)";
    }

    /** Where Node.js finds kafkajs, if both are here. */
    static Optional<Path> nodeModulesWithKafkajs() {
        Path modules = JAVASCRIPT.resolve("node_modules");
        boolean here = CommandLine.exists("node") && Files.isDirectory(modules.resolve("kafkajs"));
        return here ? Optional.of(modules.toAbsolutePath().normalize()) : Optional.empty();
    }

    /** What a skipped test says when {@link #nodeModulesWithKafkajs} found none. */
    static String howToGetKafkajs() {
        return "SKIPPED: no node with kafkajs (apt-get install nodejs npm; npm ci --prefix config/examples/javascript)";
    }

    /** What a skipped test says when there is no kcat. */
    static String howToGetKcat() {
        return "SKIPPED: kcat is not installed (apt-get install kcat)";
    }
}
