package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.fixture.CommandResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CopyPlanTest {
    private static CopyPlan plan(int segmentBytes, List<Integer> sizes, Duration counted) {
        return new CopyPlan(Path.of(""), segmentBytes, sizes, counted);
    }

    @Test
    void shouldRefuseWhatCannotBeRun() {
        assertThatThrownBy(() -> plan(0, List.of(1), Duration.ofSeconds(1))).hasMessageContaining("found 0 and 1");
        assertThatThrownBy(() -> plan(1, List.of(1), Duration.ZERO)).hasMessageContaining("found 1 and 0");
        assertThatThrownBy(() -> plan(1, List.of(), Duration.ofSeconds(1))).hasMessageContaining("sizes");
        assertThatThrownBy(() -> plan(1, List.of(100, 0), Duration.ofSeconds(1)))
                .hasMessageContaining("[100, 0]");
    }

    @ParameterizedTest
    @CsvSource({
        "--megabytes=2048, at most 1024",
        "--megabytes=0, segments and seconds must be positive",
        "--sizes=0, sizes must be positive",
        "--sizes=big, is not an int",
        "--seconds=0, segments and seconds must be positive"
    })
    void shouldBeToldByTheCommandLine(String argument, String message) {
        CommandResult result = CommandResult.of(new ZeroCopyCommand(), argument);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains(message).doesNotContain("\tat ");
    }
}
