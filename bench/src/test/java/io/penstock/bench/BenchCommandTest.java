package io.penstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

final class BenchCommandTest {
    private static Stream<Command> measurements() {
        return Stream.of(BenchCommand.class.getAnnotation(Command.class).subcommands())
                .map(type -> type.getAnnotation(Command.class));
    }

    @Test
    void shouldHaveEveryMeasurement() {
        assertThat(measurements())
                .extracting(Command::name)
                .containsExactlyInAnyOrder("load", "compare", "curve", "embedded", "pause", "zero-copy", "jmh");
    }

    @Test
    void shouldDescribeEachOfThem() {
        assertThat(measurements())
                .allSatisfy(command -> assertThat(command.description()).isNotEmpty());
    }
}
