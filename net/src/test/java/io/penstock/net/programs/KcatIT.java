package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat 1.7 (librdkafka 2.0), Debian package {@code kcat}. */
class KcatIT {
    private static final int LIMIT_S = 30;
    private static final Pattern PARTITION = Pattern.compile("\\[(\\d+)]");

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(CommandLine.exists("kcat"), Toolbox.howToGetKcat());
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

    @Test
    void shouldReadTheRecordsOfASpanOfTime() throws Exception {
        kcat("a\n", "-P", "-t", "span");
        long between = System.currentTimeMillis() + 1;
        TimeUnit.MILLISECONDS.sleep(5);
        kcat("b\n", "-P", "-t", "span");
        long after = System.currentTimeMillis() + 1;

        assertThat(kcat(NO_INPUT, "-C", "-t", "span", "-o", "s@0", "-o", "e@" + between, "-e", "-q")
                        .lines())
                .containsExactly("a");
        assertThat(kcat(NO_INPUT, "-C", "-t", "span", "-o", "s@" + between, "-e", "-q")
                        .lines())
                .containsExactly("b");
        assertThat(kcat(NO_INPUT, "-Q", "-t", "span:0:" + between).output()).contains("span [0] offset 1");
        assertThat(kcat(NO_INPUT, "-Q", "-t", "span:0:" + (after + 3_600_000)).output())
                .contains("span [0] offset -1");
    }

    @Test
    void shouldShowMetadataAndRecordsAsJson() throws IOException {
        kcat("k:v\n", "-P", "-t", "json", "-K:");
        assertThat(kcat(NO_INPUT, "-L", "-J", "-t", "json").output())
                .contains("\"topic\":\"json\"", "\"partition\":0,\"leader\":1", "\"isrs\":[{\"id\":1}]");
        assertThat(kcat(NO_INPUT, "-C", "-t", "json", "-J", "-e", "-q").output())
                .contains("\"offset\":0", "\"tstype\":\"create\"", "\"key\":\"k\",\"payload\":\"v\"");
    }

    @Test
    void shouldShareThePartitionsAmongTheMembersOfAGroup() throws Exception {
        create("shared", 4);
        try (BackgroundProgram first = member("shared")) {
            await("the only member has every partition", () -> assigned(first).equals(Set.of(0, 1, 2, 3)));
            try (BackgroundProgram second = member("shared")) {
                await(
                        "each has its half",
                        () -> assigned(first).size() == 2 && assigned(second).size() == 2);
                assertThat(assigned(first)).doesNotContainAnyElementsOf(assigned(second));
                for (int partition = 0; partition < 4; partition++) {
                    kcat("value " + partition + "\n", "-P", "-t", "shared", "-p", Integer.toString(partition));
                }
                await("all is read once", () -> values(first, second).equals(List.of("0", "1", "2", "3")));
            }
            await("the one that stays has all again", () -> assigned(first).equals(Set.of(0, 1, 2, 3)));
        }
        kcat("value 4\n", "-P", "-t", "shared", "-p", "0");
        assertThat(kcat(NO_INPUT, "-q", "-c", "1", "-G", "readers", "shared").lines())
                .as("goes on where the group has committed")
                .containsExactly("value 4");
    }

    private static BackgroundProgram member(String topic) throws IOException {
        return BackgroundProgram.start(
                "kcat",
                "-u",
                "-b",
                broker.bootstrap(),
                "-X",
                "auto.offset.reset=earliest",
                "-X",
                "heartbeat.interval.ms=300",
                "-G",
                "readers",
                topic);
    }

    /** The partitions that kcat has said it was assigned last. */
    private static Set<Integer> assigned(BackgroundProgram member) {
        return member.lines().stream()
                .filter(line -> line.contains("assigned: "))
                .reduce((earlier, later) -> later)
                .map(line -> PARTITION.matcher(line).results().map(found -> Integer.valueOf(found.group(1))))
                .map(partitions -> partitions.collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private static List<String> values(BackgroundProgram... members) {
        return Arrays.stream(members)
                .flatMap(member -> member.lines().stream())
                .filter(line -> line.startsWith("value "))
                .map(line -> line.substring("value ".length()))
                .sorted()
                .toList();
    }

    private static void await(String what, BooleanSupplier question) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!question.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within %d s: %s", LIMIT_S, what).isLessThan(deadlineNs);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(LIMIT_S, TimeUnit.SECONDS);
        }
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
