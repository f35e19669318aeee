package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.load.LoadTopic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RunningServerIT {
    private static final Path SCRIPT = Path.of("../net/target/penstock").toAbsolutePath();

    @TempDir
    private Path directory;

    /** A command line that is not this program's. */
    private record Shell(String preparation, String script) implements Contender {
        @Override
        public String name() {
            return "shell";
        }

        @Override
        public List<List<String>> preparations(Path directory, int port) {
            return List.of(List.of("sh", "-c", preparation));
        }

        @Override
        public List<String> command(Path directory, int port) {
            return List.of("sh", "-c", script);
        }
    }

    private static void connect(RunningServer server) throws IOException {
        new Socket(server.address().getAddress(), server.address().getPort()).close();
    }

    @Test
    void shouldBeReachableUntilItIsClosed() throws Exception {
        // when
        RunningServer server = Echoes.echo().start(directory);
        try (server) {
            connect(server);

            // then
            assertThat(server.residentBytes()).isGreaterThan(10L << 20);
            assertThat(server.cpuNs()).isPositive();
        }
        assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldTellWhatAServerSaidThatDidNotStart() {
        assertThatThrownBy(() -> new Shell("true", "echo no such luck; exit 3").start(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shell did not start")
                .hasMessageContaining("no such luck");
    }

    @Test
    void shouldTellWhatAPreparationSaidThatFailed() {
        assertThatThrownBy(() -> new Shell("echo disk full; exit 1", "true").start(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("failed: sh -c")
                .hasMessageContaining("disk full");
    }

    @Test
    void shouldStartPenstockAsBuiltUpToItsFirstAck() throws Exception {
        // given
        assertThat(SCRIPT).as("built by the module net").isExecutable();

        // when
        try (RunningServer server = new PenstockContender(SCRIPT).start(directory)) {
            LoadTopic.ensureTopic(server.address(), "first");
            FirstAck.await(server.address(), "first");

            // then
            assertThat(System.nanoTime() - server.startedNs()).isPositive();
            assertThat(directory.resolve("data")).isDirectory();
            assertMeasures(server, Figure.ofConnections(4));
        }
    }

    private static void assertMeasures(RunningServer server, Figure figure) throws Exception {
        Figure.Measured measured = figure.measure(server, true, "measured", new Durations(0, 0, 1));

        assertThat(measured.perSecond()).isPositive();
        assertThat(measured.cpuMicrosPerRequest()).isPositive();
    }
}
