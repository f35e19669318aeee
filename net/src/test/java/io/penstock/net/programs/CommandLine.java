package io.penstock.net.programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it printed. */
final class CommandLine {
    private static final Duration LONGEST = Duration.ofSeconds(90);

    /** Standard input that is empty. */
    static final String NO_INPUT = "";

    private CommandLine() {}

    /** What a program left behind. */
    record Outcome(int exitCode, String output) {
        /** Lines of the output, without empty ones. */
        List<String> lines() {
            return output.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    /** Any program on the path. */
    static Outcome program(String input, String... command) throws IOException {
        return run(input, Arrays.asList(command));
    }

    /** Whether a program of that name can be run here. */
    static boolean exists(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory).resolve(program)));
    }

    private static Outcome run(String input, List<String> command) throws IOException {
        Path output = Files.createTempFile(Path.of("target"), "command", ".out");
        Path stdin = Files.createTempFile(Path.of("target"), "command", ".in");
        Files.writeString(stdin, input);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(stdin.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end within " + LONGEST + ": " + String.join(" ", command) + "\n"
                        + Files.readString(output, StandardCharsets.UTF_8));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command, interrupted);
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(stdin);
        }
    }
}
