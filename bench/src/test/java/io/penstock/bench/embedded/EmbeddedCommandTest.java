package io.penstock.bench.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--transport=pigeon, transport must be auto",
        "--bytes=7, values need 8 bytes",
        "--rate=0, rate and seconds must be positive",
        "--rate=many, is not an int"
    })
    void shouldTellWhatIsWrongWithTheArguments(String argument, String message) {
        CommandResult result = CommandResult.of(new EmbeddedCommand(), argument);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains(message).doesNotContain("\tat ");
    }
}
