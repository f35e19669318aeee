package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command-line tools of Apache Kafka 4.3.1, unchanged. */
class KafkaToolsIT {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
    private static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    private static final String GET_OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    private static final String DELETE_RECORDS = "org.apache.kafka.tools.DeleteRecordsCommand";
    private static final String PERF = "org.apache.kafka.tools.ProducerPerformance";
    private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
    private static final String API_VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";

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
    void shouldCreateDescribeAlterAndDeleteATopic() {
        topics("--create", "--topic", "tooled", "--partitions", "3", "--config", "retention.ms=1234567");

        assertThat(topics("--describe", "--topic", "tooled").output())
                .contains("PartitionCount: 3", "ReplicationFactor: 1", "retention.ms=1234567", "Partition: 2");
        topics("--alter", "--topic", "tooled", "--partitions", "5");
        assertThat(topics("--describe", "--topic", "tooled").output()).contains("PartitionCount: 5");
        assertThat(topics("--list").lines()).contains("tooled");
        topics("--delete", "--topic", "tooled");
        assertThat(topics("--list").lines()).doesNotContain("tooled");
    }

    @Test
    void shouldRefuseATopicThatExists() {
        topics("--create", "--topic", "twice");
        Outcome again = KafkaTool.against(broker.bootstrap(), TOPICS, NO_INPUT, "--create", "--topic", "twice");
        assertThat(again.exitCode()).isNotZero();
        assertThat(again.output()).contains("already exists");
    }

    @Test
    void shouldCarryLinesFromConsoleProducerToConsoleConsumer() {
        topics("--create", "--topic", "console");
        List<String> lines = IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();

        succeed(CONSOLE_PRODUCER, String.join("\n", lines) + "\n", "--topic", "console");
        Outcome consumed = succeed(
                CONSOLE_CONSUMER,
                NO_INPUT,
                "--topic",
                "console",
                "--partition",
                "0",
                "--offset",
                "earliest",
                "--max-messages",
                "100",
                "--timeout-ms",
                "20000");

        assertThat(consumed.lines()).containsSubsequence(lines);
    }

    @Test
    void shouldDeleteRecordsAndShowTheOffsets() throws IOException {
        topics("--create", "--topic", "trimmed");
        succeed(CONSOLE_PRODUCER, "a\nb\nc\nd\n", "--topic", "trimmed");
        assertThat(offsets("trimmed", "-1")).contains("trimmed:0:4");

        Path json = Files.writeString(
                directory.resolve("trim.json"),
                "{\"partitions\":[{\"topic\":\"trimmed\",\"partition\":0,\"offset\":3}],\"version\":1}");
        assertThat(succeed(DELETE_RECORDS, NO_INPUT, "--offset-json-file", json.toString())
                        .output())
                .contains("low_watermark: 3");

        assertThat(offsets("trimmed", "-2")).contains("trimmed:0:3");
        assertThat(offsets("trimmed", "-1")).contains("trimmed:0:4");
    }

    @Test
    void shouldAlterAndDescribeConfigurationOfTopicAndBroker() {
        topics("--create", "--topic", "configured");
        configs(
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "configured",
                "--add-config",
                "segment.bytes=2097152");
        assertThat(configs("--describe", "--entity-type", "topics", "--entity-name", "configured")
                        .output())
                .contains("segment.bytes=2097152")
                .contains("DYNAMIC_TOPIC_CONFIG:segment.bytes=2097152");
        configs(
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "configured",
                "--delete-config",
                "segment.bytes");
        assertThat(configs("--describe", "--entity-type", "topics", "--entity-name", "configured")
                        .output())
                .doesNotContain("segment.bytes=2097152");

        configs("--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.retention.ms=86400000");
        assertThat(configs("--describe", "--entity-type", "brokers", "--entity-default")
                        .output())
                .contains("log.retention.ms=86400000");
        assertThat(configs("--describe", "--all", "--entity-type", "topics", "--entity-name", "configured")
                        .output())
                .contains("retention.ms=86400000", "compression.type=producer", "max.message.bytes=1048588");
    }

    @Test
    void shouldRunTheProducerBenchmark() {
        Outcome outcome = succeed(
                PERF,
                NO_INPUT,
                "--topic",
                "perf",
                "--num-records",
                "20000",
                "--record-size",
                "100",
                "--throughput",
                "-1");
        assertThat(outcome.output()).contains("20000 records sent");
        assertThat(offsets("perf", "-1")).contains("perf:0:20000");
    }

    @Test
    void shouldShowLogDirectoriesAndApiVersions() {
        topics("--create", "--topic", "sized");
        succeed(CONSOLE_PRODUCER, "some bytes\n", "--topic", "sized");
        assertThat(succeed(LOG_DIRS, NO_INPUT, "--describe", "--topic-list", "sized")
                        .output())
                .contains("\"partition\":\"sized-0\"")
                .doesNotContain("\"size\":0");
        assertThat(succeed(API_VERSIONS, NO_INPUT).output())
                .contains("Produce(0):", "Fetch(1):", "InitProducerId(22):");
    }

    private static String offsets(String topic, String time) {
        return succeed(GET_OFFSETS, NO_INPUT, "--topic", topic, "--time", time).output();
    }

    private static Outcome topics(String... arguments) {
        return succeed(TOPICS, NO_INPUT, arguments);
    }

    private static Outcome configs(String... arguments) {
        return succeed(CONFIGS, NO_INPUT, arguments);
    }

    private static Outcome succeed(String mainClass, String input, String... arguments) {
        return KafkaTool.succeed(broker.bootstrap(), mainClass, input, arguments);
    }
}
