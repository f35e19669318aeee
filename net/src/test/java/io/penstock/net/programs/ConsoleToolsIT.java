package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kafka-console-producer} and {@code kafka-console-consumer} with groups, patterns and formatters; {@code kafka-get-offsets}. */
class ConsoleToolsIT {
    private static final String TOOLS = "org.apache.kafka.tools.";

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void shouldGoOnWhereTheGroupHasCommitted() {
        produce("grouped", "a\nb\nc\nd\n");

        assertThat(consume(2, "--topic", "grouped", "--group", "readers", "--from-beginning")
                        .lines())
                .containsSubsequence("a", "b");
        assertThat(consume(2, "--topic", "grouped", "--group", "readers").lines())
                .containsSubsequence("c", "d")
                .doesNotContain("a", "b");
    }

    @Test
    void shouldReadAllTopicsOfAPattern() {
        produce("pattern-1", "one\n");
        produce("pattern-2", "two\n");
        produce("other", "three\n");

        assertThat(consume(2, "--include", "pattern-.*", "--from-beginning").lines())
                .contains("one", "two")
                .doesNotContain("three");
    }

    @Test
    void shouldPrintKeyHeadersOffsetPartitionAndTimestamp() {
        KafkaTool.succeed(
                broker.bootstrap(),
                TOOLS + "ConsoleProducer",
                "h1:x,h2:y\tkey\tvalue\n",
                "--topic",
                "printed",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "parse.headers=true",
                "--compression-codec",
                "lz4");

        Outcome outcome = consume(
                1,
                "--topic",
                "printed",
                "--from-beginning",
                "--formatter-property",
                "print.key=true",
                "--formatter-property",
                "print.headers=true",
                "--formatter-property",
                "print.offset=true",
                "--formatter-property",
                "print.partition=true",
                "--formatter-property",
                "print.timestamp=true");

        assertThat(outcome.output()).containsPattern("CreateTime:\\d+\tPartition:0\tOffset:0\th1:x,h2:y\tkey\tvalue");
    }

    @Test
    void shouldShowCommittedOffsetsAndGroupsInTheirTopic() {
        produce("watched", "a\nb\n");
        consume(2, "--topic", "watched", "--group", "watchers", "--from-beginning");

        Outcome offsets = offsetsTopic("OffsetsMessageFormatter");
        assertThat(offsets.output())
                .contains("\"group\":\"watchers\",\"topic\":\"watched\",\"partition\":0")
                .contains("\"offset\":2");
        assertThat(offsetsTopic("GroupMetadataMessageFormatter").output())
                .contains("\"group\":\"watchers\"", "\"protocolType\":\"consumer\"");
    }

    @Test
    void shouldFindOffsetsByTime() {
        produce("timed", "a\nb\nc\n");
        for (String end : List.of("-1", "latest")) {
            assertThat(offsets("--topic", "timed", "--time", end)).contains("timed:0:3");
        }
        for (String start : List.of("-2", "earliest", "-4", "earliest-local", "0")) {
            assertThat(offsets("--topic", "timed", "--time", start)).contains("timed:0:0");
        }
        assertThat(offsets("--topic", "timed", "--time", "max-timestamp")).containsPattern("timed:0:[012]");
        assertThat(offsets("--topic-partitions", "timed:0-1,none.*", "--time", "-1"))
                .contains("timed:0:3");
        assertThat(offsets("--topic", "timed", "--time", Long.toString(System.currentTimeMillis() + 3_600_000)))
                .doesNotContain("timed:0:0");
    }

    @Test
    void shouldShowOffsetsOfInternalTopicsUnlessTheyAreExcluded() {
        produce("public", "a\n");
        consume(1, "--topic", "public", "--group", "any", "--from-beginning");
        assertThat(offsets()).contains("__consumer_offsets:0:", "public:0:1");
        assertThat(offsets("--exclude-internal-topics")).contains("public:0:1").doesNotContain("__consumer_offsets");
    }

    private static void produce(String topic, String lines) {
        KafkaTool.succeed(broker.bootstrap(), TOOLS + "ConsoleProducer", lines, "--topic", topic);
    }

    private static Outcome consume(int count, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--max-messages", Integer.toString(count), "--timeout-ms", "20000"));
        return KafkaTool.succeed(
                broker.bootstrap(), TOOLS + "consumer.ConsoleConsumer", NO_INPUT, all.toArray(String[]::new));
    }

    /** What is in the topic of offsets, for as long as something comes. */
    private static Outcome offsetsTopic(String formatter) {
        return KafkaTool.against(
                broker.bootstrap(),
                TOOLS + "consumer.ConsoleConsumer",
                NO_INPUT,
                "--topic",
                "__consumer_offsets",
                "--from-beginning",
                "--formatter",
                TOOLS + "consumer." + formatter,
                "--timeout-ms",
                "5000");
    }

    private static String offsets(String... arguments) {
        return KafkaTool.succeed(broker.bootstrap(), TOOLS + "GetOffsetShell", NO_INPUT, arguments)
                .output();
    }
}
