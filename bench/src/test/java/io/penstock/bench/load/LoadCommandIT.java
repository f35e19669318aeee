package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.fixture.CommandResult;
import io.penstock.bench.fixture.LocalBroker;
import io.penstock.bench.fixture.PercentileFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LoadCommandIT {
    @TempDir
    private Path directory;

    @Test
    void shouldLoadATopicThatItMakesAndWriteThePercentiles() throws Exception {
        // given
        Path hgrm = directory.resolve("open.hgrm");
        try (LocalBroker broker = LocalBroker.start(directory.resolve("data"))) {
            // when
            CommandResult result = CommandResult.of(
                    new LoadCommand(),
                    "--bootstrap=" + broker.bootstrap(),
                    "--scenario=open",
                    "--rate=200",
                    "--acks=all",
                    "--topic=loaded",
                    "--warm-up=0",
                    "--seconds=1",
                    "--hgrm=" + hgrm);

            // then
            assertThat(result.errors()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.output()).startsWith("open  acks=all  1 x 100 B  requests 200  ");
            assertThat(broker.endOffset("loaded")).isEqualTo(200);
        }
        PercentileFile percentiles = PercentileFile.read(hgrm);
        assertThat(percentiles.last().part()).isEqualTo(1.0);
        assertThat(percentiles.last().count()).isEqualTo(200);
        assertThat(percentiles.rows()).isSortedAccordingTo((a, b) -> Double.compare(a.micros(), b.micros()));
    }

    @Test
    void shouldWriteMicroseconds() throws Exception {
        // given
        Path hgrm = directory.resolve("closed.hgrm");
        try (LocalBroker broker = LocalBroker.start(directory.resolve("data"))) {
            // when
            CommandResult result = CommandResult.of(
                    new LoadCommand(),
                    "--bootstrap=" + broker.bootstrap(),
                    "--warm-up=0",
                    "--seconds=1",
                    "--hgrm=" + hgrm);

            // then
            double most = PercentileFile.read(hgrm).last().micros();
            assertThat(result.output()).contains(String.format(Locale.ROOT, "max %.1f", most));
        }
    }

    @Test
    void shouldTellAtOnceThatThereIsNoBroker() throws IOException {
        CommandResult result = CommandResult.of(new LoadCommand(), "--bootstrap=localhost:" + portOfNobody());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("no broker at localhost:").doesNotContain("\tat ");
    }

    @Test
    void shouldTellThatThereIsNoSuchHost() {
        CommandResult result = CommandResult.of(new LoadCommand(), "--bootstrap=no-such-host.invalid:9092");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("unknown host: no-such-host.invalid");
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
