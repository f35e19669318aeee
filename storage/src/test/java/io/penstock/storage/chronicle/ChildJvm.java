package io.penstock.storage.chronicle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path and module flags. Owned by one test. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    ChildJvm(Class<?> main, String... arguments) throws IOException {
        this(List.of(), main, arguments);
    }

    /** @param wrapper command that runs the command which follows it */
    ChildJvm(List<String> wrapper, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("--add-exports"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next number that the process writes on a line of its own; -1 when it has ended. Log lines are skipped. */
    long readNumber() throws IOException {
        String line = output.readLine();
        while (line != null && !line.matches("[0-9]+")) {
            line = output.readLine();
        }
        return line == null ? -1 : Long.parseLong(line);
    }

    /** Kills it as {@code kill -9} does; the numbers that it had written can still be read. */
    void kill() throws InterruptedException {
        // Through the handle: Process itself would close the pipe, which still holds what was written.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** As {@link #kill()}, and returns the last number that it had written. */
    long kill(long lastRead) throws IOException, InterruptedException {
        kill();
        long last = lastRead;
        for (long next = readNumber(); next >= 0; next = readNumber()) {
            last = next;
        }
        return last;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
