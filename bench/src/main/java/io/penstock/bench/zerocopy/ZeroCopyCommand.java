package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zero-copy}: copies per byte of the ways into a segment and out of it, counted and timed; prints one table. */
@Command(
        name = "zero-copy",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Counts and times copies between sockets and segments: mapped slices, sendfile, heap.")
public final class ZeroCopyCommand implements Callable<Integer> {
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
        CopyPlan plan =
                new CopyPlan(directory.toAbsolutePath(), Math.multiplyExact(megabytes, 1 << 20), sizes, seconds);
        System.out.print(CopyTable.of(new CopyRun(plan, System.err).run()));
        return 0;
    }
}
