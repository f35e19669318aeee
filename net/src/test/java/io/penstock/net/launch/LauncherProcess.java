package io.penstock.net.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.LauncherJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The launcher jar, running as a user would run it. Standard error goes where standard output goes. Used by the test's thread; {@link
 * #close} kills what still runs.
 */
final class LauncherProcess implements AutoCloseable {

    private static final int TIMEOUT_S = 60;
    private static final String END = "\0end";
    private static final Pattern KAFKA = Pattern.compile("Kafka clients +(?:.*://)?\\S*:(\\d+).*");
    private static final Pattern HTTP = Pattern.compile("Health, metrics +http://[^/]*:(\\d+)/.*");

    private final Process process;
    private final BlockingQueue<String> arriving = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();

    private LauncherProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    static LauncherProcess run(LauncherJar jar, String... arguments) {
        return of(jar.with(arguments));
    }

    static LauncherProcess of(ProcessBuilder command) {
        try {
            return new LauncherProcess(command.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(arriving::add);
        } catch (IOException | UncheckedIOException ended) {
            arriving.add("output ended with " + ended);
        }
        arriving.add(END);
    }

    /** Waits for a line of the output, those before it included in {@link #lines}. */
    String awaitLine(Predicate<String> wanted) throws InterruptedException {
        while (true) {
            String line = arriving.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("the line did not come; the output was\n" + String.join("\n", lines));
            }
            lines.add(line);
            if (wanted.test(line)) {
                return line;
            }
        }
    }

    /** Waits until the banner is out. */
    LauncherProcess awaitReady() throws InterruptedException {
        awaitLine(line -> line.startsWith("  Try "));
        return this;
    }

    int kafkaPort() {
        return port(KAFKA);
    }

    int httpPort() {
        return port(HTTP);
    }

    private int port(Pattern pattern) {
        return lines.stream()
                .map(line -> pattern.matcher(line.trim()))
                .filter(Matcher::matches)
                .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line like " + pattern + " in\n" + String.join("\n", lines)));
    }

    /** Sends a signal, such as {@code TERM}. */
    LauncherProcess signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
        return this;
    }

    /** Waits for the end of the process and of its output. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
                .as("ends; its output so far: %s", lines)
                .isTrue();
        for (String line = arriving.take(); !line.equals(END); line = arriving.take()) {
            lines.add(line);
        }
        return process.exitValue();
    }

    /** What was written so far, as far as it was waited for. */
    List<String> lines() {
        return lines;
    }

    String output() {
        return String.join("\n", lines);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
