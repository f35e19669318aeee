package io.penstock.bench.compare;

import io.penstock.bench.cli.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}: all figures, of Penstock, Apache Kafka and a bare echo in turns. Prints one table; writes it and the plots. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Compares Penstock with Apache Kafka on this machine, in turns; bench/compare resolves Kafka and calls this.")
public final class CompareCommand implements Callable<Integer> {
    static final String PREPARE =
            "seconds of load after a start before anything counts, and half as long again for each of"
                    + " two other loads; 0 for none";

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--kafka-classpath",
            description = "file that holds the class path of Kafka; without it Kafka is left out")
    private @Nullable Path kafkaClasspath;

    @Option(names = "--penstock", description = "launch script", defaultValue = "net/target/penstock")
    private Path penstock = Path.of("");

    @Option(names = "--rounds", description = "turns of each", defaultValue = "5")
    private int rounds;

    @Option(
            names = "--curves",
            description = "value sizes from 10 B to 1 MB and 1 to 1000 connections instead of the usual figures")
    private boolean curves;

    @Option(names = "--prepare", description = PREPARE, defaultValue = "10")
    private int prepareSeconds;

    @Option(names = "--warm-up", description = "seconds of each load before the clock counts", defaultValue = "8")
    private int warmUpSeconds;

    @Option(names = "--seconds", description = "seconds of each load that count", defaultValue = "8")
    private int seconds;

    @Option(names = "--only", description = "figures whose name contains this", defaultValue = "")
    private String only = "";

    @Option(names = "--directory", description = "where brokers keep their data", defaultValue = "bench/target/compare")
    private Path directory = Path.of("");

    @Option(
            names = "--fill-memory",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "keep memory full of a file's pages, so that no server has to wait for a host to give it some")
    private boolean fillsMemory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Durations durations = Usage.accept(
                Objects.requireNonNull(command), () -> new Durations(prepareSeconds, warmUpSeconds, seconds));
        List<Contender> contenders = contenders();
        List<Figure> figures = (curves ? Curves.all() : Figure.all())
                .stream().filter(figure -> figure.name().contains(only)).toList();
        Path absolute = directory.toAbsolutePath();
        Results results;
        try (MemoryFill memory = memoryFill(absolute)) {
            results = new Comparison(contenders, figures, durations, absolute, memory, System.err).run(rounds);
        }
        String table = curves
                ? CurveTable.of(
                        results,
                        figures,
                        contenders.stream().map(Contender::name).toList())
                : ResultTable.of(results, figures);
        Files.writeString(absolute.resolve(curves ? "curves.md" : "results.md"), table);
        Files.writeString(
                absolute.resolve(curves ? "curves.html" : "latencies.html"),
                PercentilePage.of("Latencies", results.latencies()));
        writeDistributions(results, absolute);
        System.out.print(table);
        return 0;
    }

    private MemoryFill memoryFill(Path absolute) throws IOException {
        return fillsMemory ? MemoryFill.in(absolute, System.err) : MemoryFill.none();
    }

    /** An echo has no part in curves: it sends the value back, which no broker does. */
    private List<Contender> contenders() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<Contender> contenders = new ArrayList<>(List.of(new PenstockContender(penstock.toAbsolutePath())));
        if (kafkaClasspath != null) {
            contenders.add(
                    new KafkaContender(java, Files.readString(kafkaClasspath).trim()));
        }
        if (!curves) {
            contenders.add(new EchoContender(java, System.getProperty("java.class.path")));
        }
        return contenders;
    }

    private static void writeDistributions(Results results, Path directory) throws IOException {
        for (var figure : results.latencies().entrySet()) {
            for (var contender : figure.getValue().entrySet()) {
                String name = (figure.getKey() + "-" + contender.getKey()).replaceAll("[^a-zA-Z0-9]+", "-");
                try (PrintStream out =
                        new PrintStream(directory.resolve(name + ".hgrm").toFile(), "UTF-8")) {
                    contender.getValue().outputPercentileDistribution(out, 1_000.0);
                }
            }
        }
    }
}
