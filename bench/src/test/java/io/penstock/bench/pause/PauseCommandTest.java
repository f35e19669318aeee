package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PauseCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "--store=paper, '--store must be chronicle or memory, found ''paper'''",
        "--seconds=0, expected partitions",
        "--window=10, a window of a batch or more",
        "--rate=fast, is not an int"
    })
    void shouldTellWhatIsWrongWithTheArguments(String argument, String message) {
        CommandResult result = CommandResult.of(new PauseCommand(), "--directory=" + directory, argument);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains(message).doesNotContain("\tat ");
        assertThat(directory).isEmptyDirectory();
    }
}
