package io.penstock.net.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A program that goes on until it is closed, with the lines it has printed so far. */
final class BackgroundProgram implements AutoCloseable {
    private static final int STOP_LIMIT_S = 20;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private BackgroundProgram(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "program-output");
        reader.setDaemon(true);
        reader.start();
    }

    static BackgroundProgram start(String... command) throws IOException {
        return new BackgroundProgram(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("output ended with " + ended);
        }
    }

    /** Complete lines so far. Safe from any thread. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** {@code SIGTERM}, and waits for the end. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("did not stop within " + STOP_LIMIT_S + " s of SIGTERM; it printed " + lines);
        }
    }
}
