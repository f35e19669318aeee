package io.penstock.bench.embedded;

import io.penstock.bench.cli.Usage;
import io.penstock.net.transport.TransportChoice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code embedded}: latency from a writer to a waiting reader in one process; prints one line, writes a percentile file. */
@Command(
        name = "embedded",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Times records from a writer to a waiting reader inside one process.")
public final class EmbeddedCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec command;

    @Option(names = "--directory", description = "where the broker keeps its data; memory if not given")
    private @Nullable Path directory;

    @Option(names = "--bytes", description = "bytes of each record's value", defaultValue = "100")
    private int valueBytes;

    @Option(names = "--rate", description = "records per second", defaultValue = "100000")
    private int rate;

    @Option(names = "--same-loop", description = "writer and reader share one event loop")
    private boolean sameLoop;

    @Option(names = "--transport", description = "auto, nio, epoll, epoll_busy or io_uring", defaultValue = "auto")
    private String transport = "auto";

    @Option(
            names = "--spin-us",
            description = "microseconds for which event loops look for work before they sleep",
            defaultValue = "50")
    private int spinUs;

    @Option(names = "--warm-up", description = "seconds before the clock counts", defaultValue = "10")
    private int warmUpSeconds;

    @Option(names = "--seconds", description = "seconds that count", defaultValue = "10")
    private int seconds;

    @Option(
            names = "--control",
            description =
                    "first the same schedule between two threads without a broker: what the machine itself is late by")
    private boolean hasControl;

    @Option(names = "--hgrm", description = "write the percentile distribution (microseconds) to this file")
    private @Nullable Path hgrm;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
        EmbeddedPlan plan = Usage.accept(Objects.requireNonNull(command), this::plan);
        if (hasControl) {
            System.out.println("control   " + line(new BareHandOver(plan).run()));
        }
        Histogram latencyNs = new EmbeddedRun(plan).run();
        System.out.println("embedded  " + line(latencyNs));
        if (hgrm != null) {
            try (PrintStream out = new PrintStream(hgrm.toFile(), "UTF-8")) {
                latencyNs.outputPercentileDistribution(out, 1_000.0);
            }
        }
        return 0;
    }

    private String line(Histogram latencyNs) {
        return String.format(
                Locale.ROOT,
                "%d x %d B at %d/s  latency us: p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f",
                latencyNs.getTotalCount(),
                valueBytes,
                rate,
                latencyNs.getValueAtPercentile(50) / 1e3,
                latencyNs.getValueAtPercentile(90) / 1e3,
                latencyNs.getValueAtPercentile(99) / 1e3,
                latencyNs.getValueAtPercentile(99.9) / 1e3,
                latencyNs.getMaxValue() / 1e3);
    }

    private EmbeddedPlan plan() {
        return new EmbeddedPlan(
                directory,
                valueBytes,
                rate,
                sameLoop,
                TransportChoice.parse(transport),
                Duration.of(spinUs, ChronoUnit.MICROS),
                warmUpSeconds,
                seconds);
    }
}
