package io.penstock.net.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
final class BrokerProcess implements AutoCloseable {

    private static final int TIMEOUT_S = 60;
    private static final String END = "\0end";
    private static final Pattern KAFKA = Pattern.compile("Kafka clients +(?:.*://)?\\S*:(\\d+).*");
    private static final Pattern HTTP = Pattern.compile("Health, metrics +http://[^/]*:(\\d+)/.*");

    private final Process process;
    private final BlockingQueue<String> arriving = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();

    private BrokerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** A way to run {@code java -jar net/target/penstock.jar}. */
    record Command(Path java, Path directory, Map<String, String> environment, List<String> jvmArguments) {

        /** With the Java that runs the tests. */
        static Command in(Path directory) {
            return new Command(ownJava(), directory, Map.of(), List.of("-Xmx256m"));
        }

        Command withJava(Path other) {
            return new Command(other, directory, environment, jvmArguments);
        }

        Command withEnvironment(Map<String, String> variables) {
            return new Command(java, directory, variables, jvmArguments);
        }

        Command withJvmArgument(String argument) {
            List<String> more = new ArrayList<>(jvmArguments);
            more.add(argument);
            return new Command(java, directory, environment, more);
        }

        BrokerProcess run(String... arguments) {
            List<String> line = new ArrayList<>(List.of(java.toString()));
            line.addAll(jvmArguments);
            line.addAll(List.of("-jar", jar().toString()));
            line.addAll(Arrays.asList(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("LOG_"));
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().putAll(environment);
            try {
                return new BrokerProcess(builder.start());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static Path jar() {
            Path jar = Path.of(System.getProperty("penstock.jar", "target/penstock.jar"))
                    .toAbsolutePath();
            assertThat(jar).as("run mvn package first").exists();
            return jar;
        }
    }

    static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Every Java from 17 up that this machine has, the one that runs the tests among them. */
    static List<Path> installedJavas() throws IOException {
        List<Path> homes =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home")).toRealPath()));
        Path common = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(common)) {
            try (var entries = Files.list(common)) {
                for (Path entry : entries.sorted().toList()) {
                    Path home = entry.toRealPath();
                    if (!homes.contains(home)
                            && release(home).filter(found -> found >= 17).isPresent()) {
                        homes.add(home);
                    }
                }
            }
        }
        return homes.stream().map(home -> home.resolve("bin/java")).toList();
    }

    private static Optional<Integer> release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(file)) {
            return Optional.empty();
        }
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(file));
        return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
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
    BrokerProcess awaitReady() throws InterruptedException {
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
    BrokerProcess signal(String name) throws IOException, InterruptedException {
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
