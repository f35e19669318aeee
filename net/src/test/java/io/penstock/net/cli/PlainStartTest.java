package io.penstock.net.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainStartTest {

    @Test
    void shouldUnderstandAFileAndOverridesWithAndWithoutTheWordStart() {
        PlainStart expected = new PlainStart(Path.of("a/server.properties"), List.of("node.id=3", "broker.rack=a=b"));

        assertThat(plain("a/server.properties", "--override", "node.id=3", "--override", "broker.rack=a=b"))
                .contains(expected);
        assertThat(plain("start", "--override", "node.id=3", "a/server.properties", "--override", "broker.rack=a=b"))
                .contains(expected);
        assertThat(plain()).contains(new PlainStart(null, List.of()));
        assertThat(plain("start")).contains(new PlainStart(null, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-V",
                "help",
                "config",
                "strat",
                "start --override",
                "start --override node.id",
                "start --override =3",
                "start --override=node.id=3",
                "start --ready-file here",
                "start --rehearse",
                "start --debug",
                "start a.properties b.properties",
                "start @arguments.txt",
                "start --override @arguments.txt=1",
                "start -- a.properties"
            })
    void shouldLeaveEverythingElseToTheLibrary(String line) {
        assertThat(plain(line.split(" "))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOG_FORMAT", "LOG_LEVEL"})
    void shouldLeaveVariablesThatWantCheckingToTheLibrary(String variable) {
        assertThat(PlainStart.of(Map.of(variable, "json"), "start")).isEmpty();
    }

    private static Optional<PlainStart> plain(String... arguments) {
        return PlainStart.of(Map.of(), arguments);
    }
}
