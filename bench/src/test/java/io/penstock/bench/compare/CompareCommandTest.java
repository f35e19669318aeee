package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class CompareCommandTest {
    private static boolean fillsMemory(String... arguments) {
        CommandLine line = new CommandLine(new CompareCommand());
        line.parseArgs(arguments);
        return line.getCommandSpec().findOption("--fill-memory").getValue();
    }

    @Test
    void shouldFillMemoryUnlessTold() {
        assertThat(fillsMemory()).isTrue();
        assertThat(fillsMemory("--fill-memory")).isTrue();
        assertThat(fillsMemory("--no-fill-memory")).isFalse();
    }

    static Stream<Callable<Integer>> commands() {
        return Stream.of(new CompareCommand(), new CurveCommand());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldTellWhatIsWrongWithTheDurations(Callable<Integer> command) {
        CommandResult result = CommandResult.of(command, "--seconds=0");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("found 10, ").contains(" and 0").doesNotContain("\tat ");
    }

    @Test
    void shouldTellWhatIsWrongWithTheAddressOfACurve() {
        CommandResult result = CommandResult.of(new CurveCommand(), "--bootstrap=here");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("expected host:port, found 'here'");
    }
}
