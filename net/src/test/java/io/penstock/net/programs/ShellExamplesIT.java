package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code config/examples/shell}, which need kcat. */
class ShellExamplesIT {
    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(CommandLine.exists("kcat"), Toolbox.howToGetKcat());
        broker = BrokerProcess.start(directory.resolve("data"), "num.partitions=2");
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void shouldReadWithoutAGroupWhatWasWritten() throws IOException {
        succeed("a:1\nb:2\nc:3\n", "produce.sh", "lines");
        assertThat(shown(succeed(NO_INPUT, "consume.sh", "lines"))).containsExactlyInAnyOrder("a 1", "b 2", "c 3");
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommitted() throws IOException {
        succeed("a:1\nb:2\nc:3\nd:4\n", "produce.sh", "shared");

        List<String> all = new ArrayList<>(shown(succeed(NO_INPUT, "consume-group.sh", "readers", "3", "shared")));
        all.addAll(shown(succeed(NO_INPUT, "consume-group.sh", "readers", "1", "shared")));

        assertThat(all).containsExactlyInAnyOrder("a 1", "b 2", "c 3", "d 4");
    }

    @Test
    void shouldExplainThemselves() throws IOException {
        for (String script : List.of("produce.sh", "consume.sh", "consume-group.sh")) {
            assertThat(succeed(NO_INPUT, script, "--help").output()).contains("./" + script, "Exit code:");
            assertThat(run(NO_INPUT, script).exitCode())
                    .as("%s without arguments", script)
                    .isEqualTo(2);
        }
    }

    /** Key and value of each record. */
    private static List<String> shown(Outcome outcome) {
        return outcome.lines().stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static Outcome succeed(String input, String script, String... arguments) throws IOException {
        Outcome outcome = run(input, script, arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }

    private static Outcome run(String input, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "BOOTSTRAP=" + broker.bootstrap()));
        command.add(Toolbox.EXAMPLES.resolve("shell").resolve(script).toString());
        command.addAll(List.of(arguments));
        return CommandLine.program(input, command.toArray(String[]::new));
    }
}
