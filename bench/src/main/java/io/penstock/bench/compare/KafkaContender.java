package io.penstock.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Apache Kafka in KRaft mode, broker and controller in one process, with the flags of its own start script.
 *
 * @param java the Java that runs it
 * @param classpath of {@code org.apache.kafka:kafka_2.13}
 */
record KafkaContender(Path java, String classpath) implements Contender {
    private static final String CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qk";
    private static final List<String> FLAGS = List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<List<String>> preparations(Path directory, int port) throws IOException {
        Path settings = settings(directory, port);
        return List.of(
                java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", settings.toString(), "--standalone"));
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
        return java("kafka.Kafka", settings(directory, port).toString());
    }

    private List<String> java(String... mainAndArguments) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(FLAGS);
        command.addAll(RunningServer.HEAP);
        command.addAll(List.of("-cp", classpath));
        command.addAll(List.of(mainAndArguments));
        return command;
    }

    /** Topics of the cluster itself with one replica, since there is one broker; everything else as it comes. */
    private static Path settings(Path directory, int port) throws IOException {
        int controllerPort = port + 1;
        Path file = directory.resolve("server.properties");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.bootstrap.servers=localhost:" + controllerPort,
                        "listeners=PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                        "advertised.listeners=PLAINTEXT://localhost:" + port,
                        "controller.listener.names=CONTROLLER",
                        "log.dirs=" + directory.resolve("data"),
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        ""));
        return file;
    }
}
