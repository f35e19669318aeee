package io.penstock.net.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The built launcher jar in a JVM of its own, so that it can be killed. Listens on any free port of the loopback interface, and on
 * the same one again after {@link #restart}.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "penstock.jar");
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Pattern KAFKA_PORT = Pattern.compile("localhost:(\\d+)");

    private final Path dataDirectory;
    private final List<String> overrides;
    private final Path readyFile;
    private final Path output;
    private @Nullable Process process;
    private int port;

    private BrokerProcess(Path dataDirectory, List<String> overrides) {
        this.dataDirectory = dataDirectory;
        this.overrides = overrides;
        // Beside the data directory there may be a full disk or no file system after the test.
        this.readyFile =
                Path.of("target", "ready-" + System.nanoTime() + ".json").toAbsolutePath();
        this.output = Path.of("target", "broker-" + System.nanoTime() + ".log").toAbsolutePath();
    }

    /** Starts a broker on a new or existing data directory; settings as {@code key=value}. */
    public static BrokerProcess start(Path dataDirectory, String... settings) throws IOException, InterruptedException {
        return start(dataDirectory, START_LIMIT, settings);
    }

    /** As above, failing if it is not ready in time. */
    public static BrokerProcess start(Path dataDirectory, Duration limit, String... settings)
            throws IOException, InterruptedException {
        BrokerProcess broker = new BrokerProcess(dataDirectory, Arrays.asList(settings));
        broker.launch(limit);
        return broker;
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return "localhost:" + port;
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process().isAlive();
    }

    /** What the broker has printed since its first start. */
    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** {@code SIGSTOP}: the process stands still, its memory and its files stay. */
    public void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Starts it again on the same port and directory. */
    public void restart(Duration limit) throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("still running");
        }
        launch(limit);
    }

    /** Bytes of memory the process occupies now (resident set). */
    public long residentBytes() throws IOException {
        for (String line :
                Files.readAllLines(Path.of("/proc", Long.toString(process().pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS for process " + process().pid());
    }

    /** Files the process has open now. */
    public int openFiles() {
        String[] names =
                Path.of("/proc", Long.toString(process().pid()), "fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    /** {@code SIGTERM}, then {@code SIGKILL} if it does not stop in time. */
    @Override
    public void close() throws InterruptedException, IOException {
        Process running = process();
        if (running.isAlive()) {
            running.destroy();
            if (!running.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
                throw new AssertionError("did not stop within " + STOP_LIMIT + " of SIGTERM\n" + output());
            }
        }
        Files.deleteIfExists(readyFile);
    }

    private void launch(Duration limit) throws IOException, InterruptedException {
        Files.deleteIfExists(readyFile);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                JAR.toAbsolutePath().toString(),
                "start",
                "--ready-file",
                readyFile.toString()));
        override(command, "log.dirs=" + dataDirectory.toAbsolutePath());
        override(command, "listeners=PLAINTEXT://localhost:" + port);
        override(command, "http.port=-1");
        overrides.forEach(setting -> override(command, setting));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        awaitReady(limit);
    }

    private void awaitReady(Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!Files.exists(readyFile)) {
            if (!process().isAlive()) {
                throw new AssertionError(
                        "the broker stopped with exit code " + process().exitValue() + "\n" + output());
            }
            if (System.nanoTime() > deadline) {
                process().destroyForcibly();
                throw new AssertionError("not ready within " + limit + "\n" + output());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        Matcher matcher = KAFKA_PORT.matcher(Files.readString(readyFile));
        if (!matcher.find()) {
            throw new AssertionError("no address in the ready file: " + Files.readString(readyFile));
        }
        port = Integer.parseInt(matcher.group(1));
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process().pid()))
                .start()
                .waitFor();
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private static void override(List<String> command, String setting) {
        command.add("--override");
        command.add(setting);
    }
}
