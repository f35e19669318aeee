package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat 1.7 (librdkafka 2.0), Debian package {@code kcat}. */
class KcatIT {
    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(CommandLine.exists("kcat"), "SKIPPED: kcat is not installed (apt-get install kcat)");
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void shouldListBrokerAndTopics() throws IOException {
        kcat("x\n", "-P", "-t", "listed");
        assertThat(kcat(NO_INPUT, "-L").output())
                .contains("1 brokers:", ":" + broker.port(), "topic \"listed\" with 1 partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldReadBackWhatItProduced(String codec) throws IOException {
        String topic = "codec-" + codec;
        List<String> lines =
                IntStream.range(0, 1_000).mapToObj(i -> "value " + i).toList();

        kcat(String.join("\n", lines) + "\n", "-P", "-t", topic, "-z", codec);
        Outcome read = kcat(NO_INPUT, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-X", "check.crcs=true");

        assertThat(read.lines()).isEqualTo(lines);
    }

    @Test
    void shouldReadFromAnOffsetAndFromTheEnd() throws IOException {
        kcat("a\nb\nc\nd\n", "-P", "-t", "offsets");
        assertThat(kcat(NO_INPUT, "-C", "-t", "offsets", "-p", "0", "-o", "2", "-e", "-q")
                        .lines())
                .containsExactly("c", "d");
        assertThat(kcat(NO_INPUT, "-C", "-t", "offsets", "-p", "0", "-o", "-1", "-e", "-q")
                        .lines())
                .containsExactly("d");
        assertThat(kcat(NO_INPUT, "-Q", "-t", "offsets:0:-1").output()).contains("offsets [0] offset 4");
    }

    @Test
    void shouldCarryKeysAndHeaders() throws IOException {
        kcat("k:v\n", "-P", "-t", "keyed", "-K:", "-H", "h=1");
        assertThat(kcat(NO_INPUT, "-C", "-t", "keyed", "-e", "-q", "-f", "%k=%s %h\\n")
                        .lines())
                .containsExactly("k=v h=1");
    }

    private static Outcome kcat(String input, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 3];
        command[0] = "kcat";
        command[1] = "-b";
        command[2] = broker.bootstrap();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Outcome outcome = CommandLine.program(input, command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }
}
