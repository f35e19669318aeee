package io.penstock.bench.zerocopy;

import io.penstock.bench.cli.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zero-copy}: copies per byte of the ways into a segment and out of it, counted and timed; prints one table. */
@Command(
        name = "zero-copy",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Counts and times copies between sockets and segments: mapped slices, sendfile, heap.")
public final class ZeroCopyCommand implements Callable<Integer> {
    private static final int MAX_MEGABYTES = 1_024;

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--directory",
            description = "where segments are made; on the file system that is to be measured",
            defaultValue = "bench/target/zero-copy")
    private Path directory = Path.of("");

    @Option(names = "--megabytes", description = "of each segment, in MiB, at most 1024", defaultValue = "64")
    private int megabytes;

    @Option(
            names = "--sizes",
            split = ",",
            description = "batch sizes in bytes",
            defaultValue = "100,1000,4000,16000,64000,160000,1000000")
    private List<Integer> sizes = List.of();

    @Option(names = "--seconds", description = "that count of each path and size", defaultValue = "2")
    private int seconds;

    @Override
    public Integer call() throws IOException {
        CopyPlan plan = Usage.accept(Objects.requireNonNull(command), this::plan);
        System.out.print(CopyTable.of(new CopyRun(plan, System.err).run()));
        return 0;
    }

    private CopyPlan plan() {
        if (megabytes > MAX_MEGABYTES) {
            throw new IllegalArgumentException("--megabytes must be at most " + MAX_MEGABYTES + ", found " + megabytes);
        }
        return new CopyPlan(directory.toAbsolutePath(), megabytes << 20, sizes, Duration.ofSeconds(seconds));
    }
}
