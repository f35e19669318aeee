package io.penstock.net.transactions;

import io.penstock.net.fixture.LauncherJar;
import io.penstock.net.programs.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One worker in a process of its own that is started again whenever it has ended. Used by one thread. */
final class WorkerProcess implements AutoCloseable {
    private final List<String> command;
    private final Path output;
    private Process process;
    private int starts;

    /** What the worker is written in. */
    enum Language {
        /** Kafka's Java client: transactions of version 2. */
        JAVA,
        /** Python's confluent-kafka, which is librdkafka: transactions of version 1. */
        PYTHON
    }

    private WorkerProcess(List<String> command, Path output) throws IOException {
        this.command = command;
        this.output = output;
        this.process = launch();
    }

    static WorkerProcess start(Language language, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program(language));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(Path.of("target").toAbsolutePath(), "worker", ".log");
        return new WorkerProcess(command, output);
    }

    private static List<String> program(Language language) throws IOException {
        return switch (language) {
            case JAVA ->
                List.of(
                        LauncherJar.ownJava().toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + Path.of("target").toAbsolutePath(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TransferWorker.class.getName());
            case PYTHON ->
                List.of(
                        Toolbox.pythonWithConfluentKafka().orElseThrow(),
                        Path.of("src", "test", "python", "transfer_worker.py").toString());
        };
    }

    private Process launch() throws IOException {
        starts++;
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again if it has ended, by a kill or by itself. */
    void revive() throws IOException {
        if (!process.isAlive()) {
            process = launch();
        }
    }

    /** How often it was started. */
    int starts() {
        return starts;
    }

    /** What it has printed. */
    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
