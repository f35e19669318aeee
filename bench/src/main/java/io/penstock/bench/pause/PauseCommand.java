package io.penstock.bench.pause;

import io.penstock.bench.cli.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pause}: one run; prints one line, writes a percentile file. {@code --store memory} is the same without a disk. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Appends as fast as an embedded broker takes it and prints how long its event loops were held up.")
public final class PauseCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec command;

    @Option(names = "--store", description = "chronicle or memory", defaultValue = "chronicle")
    private String store = "";

    @Option(
            names = "--directory",
            description = "where to put the data, which is deleted at the end",
            defaultValue = ".")
    private Path directory = Path.of(".");

    @Option(names = "--bytes", description = "bytes of each batch's one value", defaultValue = "16000")
    private int valueBytes;

    @Option(names = "--partitions", description = "partitions written to", defaultValue = "2")
    private int partitions;

    @Option(names = "--window", description = "bytes in flight to each partition", defaultValue = "500000")
    private int windowBytes;

    @Option(
            names = "--compacted-keys",
            description =
                    "overwrite so many keys, one after the other, and have the cleaner compact all the time; 0: no keys",
            defaultValue = "0")
    private int compactedKeys;

    @Option(names = "--rate", description = "MB per second in all; 0 is as fast as it goes", defaultValue = "0")
    private int rateMb;

    @Option(names = "--warm-up", description = "seconds before the clock counts", defaultValue = "10")
    private int warmUpSeconds;

    @Option(names = "--seconds", description = "seconds that count", defaultValue = "20")
    private int seconds;

    @Option(names = "--hgrm", description = "write the percentile distribution (microseconds) to this file")
    private @Nullable Path hgrm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(Files.createDirectories(directory), "pause");
        try {
            PausePlan plan = Usage.accept(Objects.requireNonNull(command), () -> plan(data));
            PauseResult result = new PauseRun(plan).run();
            System.out.println(result.line(plan));
            if (plan.isCompacted()) {
                System.out.println("  the compaction beside it left segments: " + CompactedSegments.countIn(data));
            }
            if (hgrm != null) {
                try (PrintStream out = new PrintStream(hgrm.toFile(), "UTF-8")) {
                    result.delays().lateNs().outputPercentileDistribution(out, 1_000.0);
                }
            }
        } finally {
            delete(data);
        }
        return 0;
    }

    private PausePlan plan(Path data) {
        return new PausePlan(
                store, data, valueBytes, partitions, windowBytes, compactedKeys, rateMb, warmUpSeconds, seconds);
    }

    private static void delete(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
