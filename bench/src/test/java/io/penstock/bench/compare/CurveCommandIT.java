package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import io.penstock.bench.fixture.LocalBroker;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CurveCommandIT {
    private static final String NUMBERS = "( [0-9.,]+ \\|){5}";

    private LocalBroker broker;

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = LocalBroker.start(directory.resolve("data"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private CommandResult curve(String... more) {
        String[] usual = {"--bootstrap=" + broker.bootstrap(), "--only=connections: 4", "--warm-up=0", "--seconds=1"};
        String[] all = Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return CommandResult.of(new CurveCommand(), all);
    }

    @Test
    void shouldPrintARowForEachPoint() {
        CommandResult result = curve(
                "--prepare=0",
                "--topic=mine-",
                "--pid=" + ProcessHandle.current().pid());

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output().lines().skip(2))
                .singleElement()
                .asString()
                .matches("\\| connections: 4 \\| broker \\|" + NUMBERS + " [0-9.,]+ \\|");
        assertThat(broker.endOffset("mine-0")).isPositive();
    }

    @Test
    void shouldLeaveOutProcessorTimeOfAProcessThatItDoesNotKnow() {
        CommandResult result = curve("--prepare=0");

        assertThat(result.output().lines().skip(2))
                .singleElement()
                .asString()
                .matches("\\| connections: 4 \\| broker \\|" + NUMBERS + "  \\|");
    }

    @Test
    void shouldPrepareTheBrokerFirst() {
        CommandResult result = curve("--prepare=1");

        assertThat(result.exitCode()).isZero();
        assertThat(broker.endOffset("prepare")).isPositive();
    }
}
