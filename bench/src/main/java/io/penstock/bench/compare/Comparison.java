package io.penstock.bench.compare;

import io.penstock.bench.load.LoadTopic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs all contenders in turns, each in a fresh directory and a fresh process in every round, so that what the machine does meanwhile
 * meets all of them alike.
 */
final class Comparison {
    static final String START = "cold start to first ack, memory idle after it";
    static final List<Metric> START_METRICS = List.of(Metric.atMost("s", 0.25), Metric.atMost("MB resident", 0.5));

    private static final long IDLE_MS = 5_000;

    private final List<Contender> contenders;
    private final List<Figure> figures;
    private final Durations durations;
    private final Path directory;
    private final MemoryFill memory;
    private final PrintStream progress;
    private final Results results = new Results();

    Comparison(
            List<Contender> contenders,
            List<Figure> figures,
            Durations durations,
            Path directory,
            MemoryFill memory,
            PrintStream progress) {
        this.contenders = contenders;
        this.figures = figures;
        this.durations = durations;
        this.directory = directory;
        this.memory = memory;
        this.progress = progress;
    }

    Results run(int rounds) throws IOException, InterruptedException {
        loadClients();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                progress.println("round " + round + " of " + rounds + ": " + contender.name());
                measure(contender);
            }
        }
        return results;
    }

    /** Starts a broker that does not count: else the client's own classes would be part of the first cold start. */
    private void loadClients() throws IOException, InterruptedException {
        for (Contender contender : contenders) {
            if (contender.isBroker()) {
                Path fresh = Files.createTempDirectory(Files.createDirectories(directory), contender.name());
                try (RunningServer server = contender.start(fresh)) {
                    awaitFirstAck(server);
                } finally {
                    delete(fresh);
                }
                return;
            }
        }
    }

    private void measure(Contender contender) throws IOException, InterruptedException {
        Path fresh = Files.createTempDirectory(Files.createDirectories(directory), contender.name());
        memory.refill();
        try (RunningServer server = contender.start(fresh)) {
            if (contender.isBroker()) {
                measureStart(contender, server);
            }
            Preparation.run(server, contender.isBroker(), durations.prepareSeconds());
            for (Figure figure : figures) {
                if (contender.isBroker() || figure.isForEcho()) {
                    measure(contender, server, figure);
                }
            }
        } finally {
            delete(fresh);
        }
    }

    private void measureStart(Contender contender, RunningServer server) throws IOException, InterruptedException {
        awaitFirstAck(server);
        double startSeconds = (System.nanoTime() - server.startedNs()) / 1e9;
        TimeUnit.MILLISECONDS.sleep(IDLE_MS);
        results.add(START, contender.name(), new double[] {startSeconds, server.residentBytes() / 1e6});
    }

    private static void awaitFirstAck(RunningServer server) throws IOException, InterruptedException {
        String topic = "first";
        LoadTopic.ensureTopic(server.address(), topic);
        FirstAck.await(server.address(), topic);
    }

    private void measure(Contender contender, RunningServer server, Figure figure)
            throws IOException, InterruptedException {
        String topic = "t" + figures.indexOf(figure);
        Figure.Measured measured = figure.measure(server, contender.isBroker(), topic, durations);
        results.add(figure.name(), contender.name(), figure.reading().of(measured));
        results.add(figure.name(), contender.name(), measured.load().latencyNs());
        progress.println("  " + figure.name() + ": " + measured.load().line());
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
