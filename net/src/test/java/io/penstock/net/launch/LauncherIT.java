package io.penstock.net.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.LauncherJar;
import io.penstock.net.fixture.RawClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the process promises to whoever starts it: run as a child process from the jar, on every Java that is here, and by the script. */
class LauncherIT {

    private static final String ANY_PORT = "listeners=PLAINTEXT://localhost:0";
    private static final String ANY_HTTP = "http.port=0";

    /** What one start may write until it is ready, banner and all. */
    private static final int MOST_LINES = 25;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    static List<Path> javas() throws IOException {
        return InstalledJavas.find();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void shouldStartWithoutConfigurationAndWriteNothingButItsOwnLines(Path java) throws Exception {
        // given
        Path home = Files.createDirectory(directory.resolve("home"));
        Path work = Files.createDirectory(directory.resolve("work"));
        LauncherJar jar = jar(work).withJava(java).withJvmArgument("-Duser.home=" + home);

        try (LauncherProcess broker = LauncherProcess.run(jar, "--override", ANY_PORT, "--override", ANY_HTTP)) {
            // when
            broker.awaitReady();
            int ready = get(broker, "/readyz").statusCode();
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(ready).isEqualTo(200);
            assertThat(code).isZero();
            assertThat(broker.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(broker.lines()).allMatch(LauncherIT::isOurs);
            assertThat(work).isDirectoryContaining("glob:**/data");
            assertThat(list(work)).containsExactly("data");
            assertThat(list(home)).isEmpty();
        }
    }

    private static boolean isOurs(String line) {
        return line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ INFO .*|Penstock .* is ready .*|  \\S.*");
    }

    @Test
    void shouldAnswerOnItsHttpPort() throws Exception {
        // given
        try (LauncherProcess broker = startInMemory().awaitReady()) {
            // when
            HttpResponse<String> verbose = get(broker, "/readyz?verbose");
            HttpResponse<String> live = get(broker, "/livez");
            HttpResponse<String> metrics = get(broker, "/metrics");

            // then
            assertThat(verbose.body()).contains("[+] broker: ready", "[+] listeners: open");
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
            assertThat(metrics.body())
                    .contains(
                            "kafka_brokers 1.0",
                            "kafka_server_brokertopicmetrics_messagesin_total 0.0",
                            "kafka_server_replicamanager_partitioncount 0.0",
                            "jvm_memory_used_bytes",
                            "penstock_event_loop_lag_seconds_count");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void shouldStopInOrderOnASignal(String signal) throws Exception {
        // given
        try (LauncherProcess broker = startInMemory().awaitReady()) {
            // when
            int code = broker.signal(signal).awaitExit();

            // then
            assertThat(code).isZero();
            assertThat(broker.output()).contains("Stopping  signal=" + signal).contains("Stopped  exitCode=0");
        }
    }

    @Test
    void shouldStopInOrderOnASignalThatComesWhileItStarts() throws Exception {
        // given: the first line that is written after the process listens to signals
        try (LauncherProcess broker = startInMemory("--override", "num.partitons=3")) {
            broker.awaitLine(line -> line.contains("num.partitons"));

            // when
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(code).as(broker.output()).isZero();
            assertThat(broker.output()).contains("Stopping  signal=TERM").contains("Stopped  exitCode=0");
        }
    }

    @Test
    void shouldEndAtOnceOnASecondSignal() throws Exception {
        // given: a stop that waits for a fetch, which waits for a record
        try (LauncherProcess broker = startInMemory("--override", "penstock.shutdown.drain.timeout.ms=600000")
                        .awaitReady();
                RawClient client = RawClient.connect(broker.kafkaPort())) {
            createTopic(broker.kafkaPort());
            FetchRequestData fetch = new FetchRequestData()
                    .setMaxWaitMs(600_000)
                    .setMinBytes(1)
                    .setMaxBytes(1_000)
                    .setSessionEpoch(-1)
                    .setTopics(List.of(new FetchTopic()
                            .setTopic("t")
                            .setPartitions(List.of(new FetchPartition().setPartition(0)))));
            client.sendBytes(RawClient.frame(ApiKeys.FETCH, (short) 12, 1, fetch));
            awaitMetric(broker, "request=\"Fetch\"");
            broker.signal("TERM");
            broker.awaitLine(line -> line.contains("Stopping"));

            // when: within a second it is taken for the same one
            broker.signal("TERM");
            assertThat(ProcessHandle.of(broker.pid())).isPresent();
            TimeUnit.MILLISECONDS.sleep(1_100);
            assertThat(ProcessHandle.of(broker.pid())).isPresent();
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(code).isEqualTo(1);
            assertThat(broker.output())
                    .contains("second signal, ending at once")
                    .doesNotContain("Stopped");
        }
    }

    private void awaitMetric(LauncherProcess broker, String text) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!get(broker, "/metrics").body().contains(text)) {
            assertThat(System.nanoTime() - deadlineNs).as("time for " + text).isNegative();
            Thread.sleep(50);
        }
    }

    private static void createTopic(int port) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
    }

    @Test
    void shouldWriteTheReadyFileAndTakeItAway() throws Exception {
        // given
        Path file = directory.resolve("ready.json");
        try (LauncherProcess broker =
                startInMemory("--ready-file", file.toString()).awaitReady()) {
            // when
            JsonObject content = new JsonObject(Files.readString(file));
            broker.signal("TERM").awaitExit();

            // then
            assertThat(content.getLong("pid")).isEqualTo(broker.pid());
            assertThat(content.getJsonObject("listeners").getString("PLAINTEXT"))
                    .isEqualTo("localhost:" + broker.kafkaPort());
            assertThat(content.getString("http")).isEqualTo("localhost:" + broker.httpPort());
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void shouldWriteOneJsonObjectPerLineWhenAskedTo() throws Exception {
        // given
        try (LauncherProcess broker = startInMemory("--log-format", "json", "--override", "num.partitons=3")) {
            // when
            broker.awaitLine(line -> line.contains("is ready ("));
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(code).isZero();
            assertThat(broker.lines())
                    .allSatisfy(line ->
                            assertThat(new JsonObject(line).getString("level")).isNotEmpty());
            assertThat(broker.output()).contains("\"listener.PLAINTEXT\":\"localhost:", "did you mean num.partitions?");
        }
    }

    @Test
    void shouldRefuseABadValueInJsonTooWhenTheLogIsJson() throws Exception {
        // given
        try (LauncherProcess broker = startInMemory("--log-format=json", "--override", "num.partitions=0")) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(78);
            JsonObject line = new JsonObject(broker.output());
            assertThat(line.getString("level")).isEqualTo("ERROR");
            assertThat(line.encode()).contains("num.partitions", "at least 1");
        }
    }

    @Test
    void shouldRefuseABadValueWithItsNameAndRule() throws Exception {
        // given
        Map<String, String> environment = Map.of("KAFKA_NUM_PARTITIONS", "many");
        try (LauncherProcess broker = LauncherProcess.run(jar(directory).withEnvironment(environment), "start")) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(78);
            assertThat(broker.output())
                    .contains("num.partitions", "many", "KAFKA_NUM_PARTITIONS", "what to do")
                    .doesNotContain("\tat ");
            assertThat(list(directory)).isEmpty();
        }
    }

    @Test
    void shouldEndWithUsageOnUnknownOptions() throws Exception {
        // given
        try (LauncherProcess broker = LauncherProcess.run(jar(directory), "start", "--no-such-option")) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(2);
            assertThat(broker.output()).contains("--no-such-option", "--help");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listeners=PLAINTEXT://localhost:%d", "http.port=%d"})
    void shouldRefuseABusyPortBeforeItTouchesAnything(String setting) throws Exception {
        // given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
                LauncherProcess broker = LauncherProcess.run(
                        jar(directory),
                        "--override",
                        ANY_PORT,
                        "--override",
                        ANY_HTTP,
                        "--override",
                        String.format(setting, taken.getLocalPort()))) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(75);
            assertThat(broker.output())
                    .contains("port " + taken.getLocalPort() + " of localhost is in use", "what to do")
                    .doesNotContain("\tat ");
            assertThat(list(directory)).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNotOfThisMachine() throws Exception {
        // given
        try (LauncherProcess broker = LauncherProcess.run(
                jar(directory), "--override", "listeners=PLAINTEXT://192.0.2.1:9092", "--override", ANY_HTTP)) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(78);
            assertThat(broker.output()).contains("cannot listen on port 9092 of 192.0.2.1");
        }
    }

    @Test
    void shouldRefuseADirectoryThatAnotherBrokerUses() throws Exception {
        // given
        LauncherJar jar = jar(directory);
        try (LauncherProcess first = LauncherProcess.run(jar, "--override", ANY_PORT, "--override", ANY_HTTP)
                        .awaitReady();
                LauncherProcess second = LauncherProcess.run(jar, "--override", ANY_PORT, "--override", ANY_HTTP)) {
            // when
            int code = second.awaitExit();

            // then
            assertThat(code).isEqualTo(75);
            assertThat(second.output()).contains("data is in use by the process with pid " + first.pid());
            assertThat(get(first, "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldWarnOnceOfAnUnknownKeyAndSayWhatWasMeant() throws Exception {
        // given
        try (LauncherProcess broker =
                startInMemory("--override", "num.partitons=3").awaitReady()) {
            // when
            broker.signal("TERM").awaitExit();

            // then
            assertThat(broker.lines())
                    .filteredOn(line -> line.contains("num.partitons"))
                    .hasSize(1);
            assertThat(broker.output()).contains("did you mean num.partitions?");
        }
    }

    @Test
    void shouldWarnOfAnOpenPlaintextDoor() throws Exception {
        // given
        try (LauncherProcess broker =
                startInMemory("--override", "listeners=PLAINTEXT://0.0.0.0:0").awaitReady()) {
            // when
            String line = broker.awaitLine(each -> each.contains(" WARN "));

            // then
            assertThat(line).contains("PLAINTEXT").contains("0.0.0.0:" + broker.kafkaPort());
        }
    }

    @Test
    void shouldTakeTheFileOfAKafkaNodeAsItIs() throws Exception {
        // given
        Path file = directory.resolve("server.properties");
        Files.writeString(file, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=localhost:9093
                listeners=PLAINTEXT://:0,CONTROLLER://:9093
                inter.broker.listener.name=PLAINTEXT
                advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
                num.network.threads=3
                num.io.threads=8
                socket.send.buffer.bytes=102400
                socket.receive.buffer.bytes=102400
                socket.request.max.bytes=104857600
                log.dirs=./kraft-combined-logs
                num.partitions=1
                num.recovery.threads.per.data.dir=1
                offsets.topic.replication.factor=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                log.retention.hours=168
                log.segment.bytes=1073741824
                log.retention.check.interval.ms=300000
                """);

        try (LauncherProcess broker =
                startWithoutFiles(List.of("start", file.toString())).awaitReady()) {
            // when
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(code).isZero();
            assertThat(broker.output()).doesNotContain("Unknown settings").doesNotContain(" ERROR ");
            assertThat(broker.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
        }
    }

    @Test
    void shouldTakeTheLogLevelFromTheEnvironment() throws Exception {
        // given
        LauncherJar jar = jar(directory).withEnvironment(Map.of("LOG_LEVEL", "error"));
        Path file = directory.resolve("ready.json");
        try (LauncherProcess broker =
                LauncherProcess.run(jar, "--override", "num.partitions=0", "--ready-file", file.toString())) {
            // when
            int code = broker.awaitExit();

            // then
            assertThat(code).isEqualTo(78);
            assertThat(broker.output()).doesNotContain(" INFO ");
        }
    }

    /** On ports of the system's choice, unless the arguments say otherwise. */
    private LauncherProcess startInMemory(String... arguments) {
        List<String> all = new ArrayList<>(List.of("start", "--override", ANY_PORT));
        all.addAll(List.of(arguments));
        return startWithoutFiles(all);
    }

    private static LauncherJar jar(Path directory) {
        return LauncherJar.in(directory).withJvmArgument("-Xmx256m");
    }

    private LauncherProcess startWithoutFiles(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--override", ANY_HTTP, "--override", "penstock.store=memory"));
        return LauncherProcess.of(jar(directory).byScript(all));
    }

    private HttpResponse<String> get(LauncherProcess broker, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + broker.httpPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
