package io.penstock.bench.load;

import io.penstock.bench.cli.BrokerAddress;
import io.penstock.bench.cli.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code load}: one run of one scenario against any Kafka-protocol broker; prints one line, writes a percentile file. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Loads a Kafka-protocol broker over raw sockets and prints latency percentiles.")
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--bootstrap",
            description = "host:port of the broker",
            defaultValue = "localhost:9092",
            converter = BrokerAddress.class)
    private InetSocketAddress broker = InetSocketAddress.createUnresolved("", 0);

    @Option(
            names = "--scenario",
            description = "closed, connections, open, pipelined, end-to-end, read-back or fan-out",
            defaultValue = "closed")
    private String scenario = "";

    @Option(names = "--topic", description = "created with one partition if missing", defaultValue = "bench")
    private String topic = "";

    @Option(names = "--acks", description = "1 or all", defaultValue = "1")
    private String acks = "";

    @Option(names = "--records", description = "records in each request", defaultValue = "1")
    private int records;

    @Option(names = "--bytes", description = "bytes of each record's value", defaultValue = "100")
    private int valueBytes;

    @Option(names = "--rate", description = "requests per second of open-loop scenarios", defaultValue = "500")
    private int rate;

    @Option(names = "--window", description = "requests in flight of the pipelined scenario", defaultValue = "64")
    private int window;

    @Option(
            names = "--connections",
            description = "of the connections scenario; consumers of fan-out",
            defaultValue = "16")
    private int connections;

    @Option(
            names = "--client-threads",
            description = "threads that share the connections of the connections scenario",
            defaultValue = "1")
    private int clientThreads;

    @Option(names = "--warm-up", description = "seconds before the clock counts", defaultValue = "5")
    private int warmUpSeconds;

    @Option(names = "--seconds", description = "seconds that count", defaultValue = "10")
    private int seconds;

    @Option(names = "--hgrm", description = "write the percentile distribution (microseconds) to this file")
    private @Nullable Path hgrm;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(command);
        LoadPlan plan = Usage.accept(known, this::plan);
        Usage.requireReachable(known, broker);
        LoadTopic.ensureTopic(plan.broker(), topic);
        LoadResult result = new LoadRun(plan, () -> {}).run();
        System.out.println(scenario + "  acks=" + acks + "  " + records + " x " + valueBytes + " B  " + result.line());
        if (hgrm != null) {
            try (PrintStream out = new PrintStream(hgrm.toFile(), "UTF-8")) {
                result.latencyNs().outputPercentileDistribution(out, 1_000.0);
            }
        }
        return 0;
    }

    private LoadPlan plan() {
        if (!acks.equals("1") && !acks.equals("all")) {
            throw new IllegalArgumentException(
                    "--acks must be 1 or all, since an unanswered request has no latency; found '" + acks + "'");
        }
        return new LoadPlan(
                Scenario.of(scenario),
                broker,
                topic,
                (short) (acks.equals("all") ? -1 : 1),
                records,
                valueBytes,
                rate,
                window,
                connections,
                clientThreads,
                warmUpSeconds,
                seconds,
                true);
    }
}
