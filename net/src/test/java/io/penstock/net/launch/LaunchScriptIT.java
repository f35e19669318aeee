package io.penstock.net.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.LauncherJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the jar: the same broker, started with the class archive of the build. */
class LaunchScriptIT {
    private static final List<String> ANYWHERE =
            List.of("--override", "listeners=PLAINTEXT://localhost:0", "--override", "http.port=0");

    @TempDir
    private Path directory;

    @Test
    void shouldStartFromAnywhereAndStopOnASignal() throws Exception {
        // given
        Path link = Files.createSymbolicLink(directory.resolve("penstock"), script());

        // when
        try (LauncherProcess broker = LauncherProcess.of(command(link, Map.of(), ANYWHERE))) {
            broker.awaitReady();
            int code = broker.signal("TERM").awaitExit();

            // then
            assertThat(code).isZero();
            assertThat(broker.output()).contains("Stopped  exitCode=0");
            assertThat(directory.resolve("data")).isDirectory();
        }
    }

    @Test
    void shouldTakeClassesFromTheArchive() throws Exception {
        // given
        Path loaded = directory.resolve("loaded");
        Map<String, String> options =
                Map.of("JAVA_OPTS", "-Xlog:class+load:file=" + loaded, "JAVA_HOME", System.getProperty("java.home"));

        // when
        try (LauncherProcess broker = LauncherProcess.of(command(script(), options, List.of("--version")))) {
            assertThat(broker.awaitExit()).isZero();
        }

        // then
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.contains(Main.class.getName()) && line.contains("shared objects file"));
    }

    @Test
    void shouldSayWhenThereIsNoJava() throws Exception {
        Map<String, String> nowhere =
                Map.of("JAVA_HOME", directory.resolve("nowhere").toString());

        try (LauncherProcess broker = LauncherProcess.of(command(script(), nowhere, List.of()))) {
            assertThat(broker.awaitExit()).isEqualTo(1);
            assertThat(broker.output()).contains("no Java found at", "what to do  install JDK 17");
        }
    }

    @Test
    void shouldRehearse() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("start", "--rehearse"));
        arguments.addAll(ANYWHERE);

        try (LauncherProcess broker = LauncherProcess.of(command(script(), Map.of(), arguments))) {
            assertThat(broker.awaitExit()).as(broker.output()).isZero();
            assertThat(broker.output()).contains("Wrote a record and read it back");
        }
    }

    private ProcessBuilder command(Path script, Map<String, String> environment, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(script.toString()));
        line.addAll(arguments);
        ProcessBuilder process =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        process.environment().putAll(environment);
        return process;
    }

    private static Path script() throws IOException {
        return LauncherJar.path().resolveSibling("penstock").toRealPath();
    }
}
