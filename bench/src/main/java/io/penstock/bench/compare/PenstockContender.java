package io.penstock.bench.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * This project's broker as its users start it.
 *
 * @param script the launch script
 */
record PenstockContender(Path script) implements Contender {
    @Override
    public String name() {
        return "penstock";
    }

    @Override
    public List<List<String>> preparations(Path directory, int port) {
        return List.of();
    }

    @Override
    public List<String> command(Path directory, int port) {
        return List.of(
                script.toString(),
                "start",
                "--override",
                "log.dirs=" + directory.resolve("data"),
                "--override",
                "listeners=PLAINTEXT://localhost:" + port,
                "--override",
                "http.port=-1");
    }
}
