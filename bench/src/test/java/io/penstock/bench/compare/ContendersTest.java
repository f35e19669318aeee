package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContendersTest {
    private static final Path JAVA = Path.of("/jdk/bin/java");

    @TempDir
    private Path directory;

    private Properties kafkaSettings() throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(directory.resolve("server.properties"))) {
            settings.load(file);
        }
        return settings;
    }

    @Test
    void shouldFormatKafkasStorageBeforeItsStart() throws IOException {
        List<List<String>> preparations = new KafkaContender(JAVA, "a.jar:b.jar").preparations(directory, 5_000);

        assertThat(preparations)
                .singleElement()
                .satisfies(format -> assertThat(format)
                        .startsWith(JAVA.toString())
                        .containsSubsequence("-cp", "a.jar:b.jar", "kafka.tools.StorageTool", "format")
                        .containsSubsequence(
                                "-c", directory.resolve("server.properties").toString())
                        .contains("--standalone"));
        assertThat(directory.resolve("server.properties")).isRegularFile();
    }

    @Test
    void shouldStartKafkaOnItsPortAndDirectory() throws IOException {
        List<String> command = new KafkaContender(JAVA, "a.jar").command(directory, 5_000);

        assertThat(command)
                .startsWith(JAVA.toString())
                .contains("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")
                .endsWith("kafka.Kafka", directory.resolve("server.properties").toString());
        assertThat(kafkaSettings())
                .containsEntry("listeners", "PLAINTEXT://localhost:5000,CONTROLLER://localhost:5001")
                .containsEntry("advertised.listeners", "PLAINTEXT://localhost:5000")
                .containsEntry("controller.quorum.bootstrap.servers", "localhost:5001")
                .containsEntry("process.roles", "broker,controller")
                .containsEntry("log.dirs", directory.resolve("data").toString())
                .containsEntry("offsets.topic.replication.factor", "1");
    }

    @Test
    void shouldLeaveKafkasOtherDefaultsAlone() throws IOException {
        new KafkaContender(JAVA, "a.jar").command(directory, 5_000);

        assertThat(kafkaSettings().stringPropertyNames())
                .noneMatch(key -> key.contains("threads") || key.contains("flush") || key.contains("buffer"));
    }

    @Test
    void shouldStartPenstockAsItsUsersDo() {
        PenstockContender penstock = new PenstockContender(Path.of("/opt/penstock"));

        assertThat(penstock.preparations(directory, 5_000)).isEmpty();
        assertThat(penstock.command(directory, 5_000))
                .containsExactly(
                        "/opt/penstock",
                        "start",
                        "--override",
                        "log.dirs=" + directory.resolve("data"),
                        "--override",
                        "listeners=PLAINTEXT://localhost:5000",
                        "--override",
                        "http.port=-1");
    }

    @Test
    void shouldStartAnEchoFromThisProgram() {
        EchoContender echo = new EchoContender(JAVA, "bench.jar");

        assertThat(echo.preparations(directory, 5_000)).isEmpty();
        assertThat(echo.command(directory, 5_000))
                .containsExactly("/jdk/bin/java", "-cp", "bench.jar", EchoServer.class.getName(), "5000");
    }

    @Test
    void shouldKnowThatAnEchoIsNoBroker() {
        assertThat(new EchoContender(JAVA, "").isBroker()).isFalse();
        assertThat(new KafkaContender(JAVA, "").isBroker()).isTrue();
        assertThat(new PenstockContender(JAVA).isBroker()).isTrue();
    }

    @Test
    void shouldHaveTheNamesThatTablesLookFor() {
        assertThat(List.of(new PenstockContender(JAVA), new KafkaContender(JAVA, ""), new EchoContender(JAVA, "")))
                .extracting(Contender::name)
                .containsExactly("penstock", "kafka", "echo");
    }
}
