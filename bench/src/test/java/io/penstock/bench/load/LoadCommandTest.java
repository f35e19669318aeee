package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoadCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--bootstrap=localhost, expected host:port",
        "--bootstrap=localhost:nine, 'expected host:port, found ''localhost:nine'''",
        "--bootstrap=localhost:70000, expected host:port",
        "--scenario=nonsense, scenario must be one of closed",
        "--acks=0, --acks must be 1 or all",
        "--acks=some, --acks must be 1 or all",
        "--records=0, records must be positive",
        "--bytes=-1, bytes and warm-up must not be negative",
        "--seconds=two, is not an int",
        "--nonsense, Unknown option"
    })
    void shouldTellWhatIsWrongWithTheArguments(String argument, String message) {
        CommandResult result = CommandResult.of(new LoadCommand(), argument);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains(message).contains("Usage: load").doesNotContain("\tat ");
        assertThat(result.output()).isEmpty();
    }
}
