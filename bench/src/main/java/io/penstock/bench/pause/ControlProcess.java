package io.penstock.bench.pause;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@link ControlTicks} beside a run, in a JVM of its own: no collection of garbage in this one reaches it. Owned by the run's thread. */
final class ControlProcess {
    private final Process process;

    private ControlProcess(Process process) {
        this.process = process;
    }

    static ControlProcess start(PausePlan plan) throws IOException {
        List<String> line = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                ControlTicks.class.getName(),
                Integer.toString(plan.warmUpSeconds()),
                Integer.toString(plan.seconds()));
        return new ControlProcess(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** How late it woke, for people; waits for its end. */
    String result() throws IOException, InterruptedException {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            int code = process.waitFor();
            if (line == null || code != 0) {
                throw new IOException("expected a line of the control process, found " + line + ", exit code " + code);
            }
            return line;
        }
    }
}
