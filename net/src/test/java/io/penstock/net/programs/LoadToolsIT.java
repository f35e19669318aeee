package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.fixture.LauncherJar;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools with which Apache Kafka's own system tests make and check traffic, and those that measure. */
class LoadToolsIT {
    private static final String TOOLS = "org.apache.kafka.tools.";
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void shouldTellOfEveryRecordThatTheVerifiableToolsSendAndRead() throws IOException {
        // when
        List<JsonNode> sent = events(succeedInOwnJvm(
                "VerifiableProducer",
                "--topic",
                "verifiable",
                "--max-messages",
                "30",
                "--acks",
                "-1",
                "--value-prefix",
                "7",
                "--repeating-keys",
                "3"));
        List<JsonNode> read = events(succeedInOwnJvm(
                "VerifiableConsumer", "--topic", "verifiable", "--group-id", "verified", "--max-messages", "30"));

        // then
        assertThat(names(sent))
                .startsWith("startup_complete")
                .endsWith("shutdown_complete", "tool_data")
                .filteredOn("producer_send_success"::equals)
                .hasSize(30);
        assertThat(sent.get(30).path("offset").asLong()).isEqualTo(29);
        assertThat(sent.get(30).path("value").asText()).isEqualTo("7.29");
        assertThat(last(sent, "tool_data").path("acked").asInt()).isEqualTo(30);
        assertThat(names(read))
                .containsSubsequence(
                        "startup_complete",
                        "partitions_assigned",
                        "records_consumed",
                        "offsets_committed",
                        "shutdown_complete");
        assertThat(read.stream()
                        .filter(event -> name(event).equals("records_consumed"))
                        .mapToInt(event -> event.path("count").asInt())
                        .sum())
                .isEqualTo(30);
        JsonNode committed = last(read, "offsets_committed");
        assertThat(committed.path("success").asBoolean()).isTrue();
        assertThat(committed.path("offsets").path(0).path("offset").asLong()).isEqualTo(30);
    }

    @Test
    void shouldMeasureProducerConsumerAndTheWayBetweenThem() {
        succeed(
                "ProducerPerformance",
                "--topic",
                "perf",
                "--num-records",
                "5000",
                "--record-size",
                "100",
                "--throughput",
                "-1");
        assertThat(succeed("ConsumerPerformance", "--topic", "perf", "--num-records", "5000", "--hide-header")
                        .output())
                .contains(", 5000, ");
        Outcome latency =
                KafkaTool.run(TOOLS + "EndToEndLatency", NO_INPUT, broker.bootstrap(), "latency", "50", "1", "20");
        assertThat(latency.exitCode()).as(latency.output()).isZero();
        assertThat(latency.output()).contains("Percentiles: 50th");
    }

    @Test
    void shouldBeCompatibleAsTheNewestBrokerIs() {
        KafkaTool.succeed(broker.bootstrap(), TOOLS + "TopicCommand", NO_INPUT, "--create", "--topic", "compatibility");

        Outcome outcome = succeed(
                "ClientCompatibilityTest",
                "--topic",
                "compatibility",
                "--num-cluster-nodes",
                "1",
                "--create-topics-supported",
                "True",
                "--offsets-for-times-supported",
                "True",
                "--cluster-id-supported",
                "True",
                "--expect-record-too-large-exception",
                "False",
                "--describe-acls-supported",
                "True",
                "--describe-configs-supported",
                "True",
                "--idempotent-producer-supported",
                "True");

        assertThat(outcome.output()).contains("SUCCESS").doesNotContain("FAILED");
    }

    private static Outcome succeed(String tool, String... arguments) {
        return KafkaTool.succeed(broker.bootstrap(), TOOLS + tool, NO_INPUT, arguments);
    }

    /** The verifiable tools tell of their end when their JVM ends. */
    private static Outcome succeedInOwnJvm(String tool, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                LauncherJar.ownJava().toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TOOLS + tool,
                "--bootstrap-server",
                broker.bootstrap()));
        command.addAll(Arrays.asList(arguments));
        Outcome outcome = CommandLine.program(NO_INPUT, command.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }

    /** The lines that are JSON; the others are log. */
    private static List<JsonNode> events(Outcome outcome) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : outcome.lines()) {
            if (line.startsWith("{")) {
                events.add(JSON.readTree(line));
            }
        }
        return events;
    }

    private static List<String> names(List<JsonNode> events) {
        return events.stream().map(LoadToolsIT::name).toList();
    }

    private static JsonNode last(List<JsonNode> events, String name) {
        return events.stream()
                .filter(event -> name(event).equals(name))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + name + " in " + events));
    }

    private static String name(JsonNode event) {
        return event.path("name").asText();
    }
}
