package io.penstock.net.programs;

import io.penstock.net.fixture.LauncherJar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The languages that the three example scripts exist in. They take the same options and print the same. */
enum ExampleLanguage {
    PYTHON {
        @Override
        String missing() throws IOException {
            return Toolbox.pythonWithConfluentKafka().isPresent() ? "" : Toolbox.howToGetConfluentKafka();
        }

        @Override
        List<String> command(Script script) throws IOException {
            String python = Toolbox.pythonWithConfluentKafka().orElseThrow();
            return List.of(python, file("python", script.snakeCase() + ".py"));
        }
    },

    JAVA {
        @Override
        String missing() {
            return "";
        }

        @Override
        List<String> command(Script script) {
            String classPath = Path.of("target", "penstock.jar") + ":" + Toolbox.EXAMPLES.resolve("java");
            return List.of(
                    LauncherJar.ownJava().toString(), "-cp", classPath, file("java", script.camelCase() + ".java"));
        }
    },

    JAVASCRIPT {
        @Override
        String missing() {
            return Toolbox.nodeModulesWithKafkajs().isPresent() ? "" : Toolbox.howToGetKafkajs();
        }

        @Override
        List<String> command(Script script) {
            return List.of("node", file("javascript", script.snakeCase() + ".js"));
        }
    };

    /** What each script does. */
    enum Script {
        PRODUCER("json_producer", "JsonProducer"),
        CONSUMER("json_consumer", "JsonConsumer"),
        MANUAL_COMMIT("json_consumer_manual_commit", "JsonConsumerManualCommit");

        private final String snakeCase;
        private final String camelCase;

        Script(String snakeCase, String camelCase) {
            this.snakeCase = snakeCase;
            this.camelCase = camelCase;
        }

        String snakeCase() {
            return snakeCase;
        }

        String camelCase() {
            return camelCase;
        }
    }

    /** Why the scripts cannot run here and what to do about it; empty if they can. */
    abstract String missing() throws IOException;

    /** The command that runs the script, without options. */
    abstract List<String> command(Script script) throws IOException;

    /** Runs a script to its end. */
    CommandLine.Outcome run(Script script, String... options) throws IOException {
        List<String> command = new ArrayList<>(command(script));
        command.addAll(List.of(options));
        return CommandLine.program(CommandLine.NO_INPUT, command.toArray(String[]::new));
    }

    private static String file(String folder, String name) {
        return Toolbox.EXAMPLES.resolve(folder).resolve(name).toString();
    }
}
