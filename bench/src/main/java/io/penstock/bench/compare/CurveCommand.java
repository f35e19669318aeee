package io.penstock.bench.compare;

import io.penstock.bench.cli.BrokerAddress;
import io.penstock.bench.cli.Usage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code curve}: loads of growing size and of growing number of connections on one broker that runs; prints one table. */
@Command(
        name = "curve",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Loads a running Kafka-protocol broker with growing values and on growing numbers of connections.")
public final class CurveCommand implements Callable<Integer> {
    private static final String NAME = "broker";

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--bootstrap",
            description = "host:port of the broker",
            defaultValue = "localhost:9092",
            converter = BrokerAddress.class)
    private InetSocketAddress broker = InetSocketAddress.createUnresolved("", 0);

    @Option(
            names = "--pid",
            description = "process of the broker, if it is on this machine: whose processor time to count")
    private @Nullable Long pid;

    @Option(names = "--topic", description = "how the names of the topics begin that are made", defaultValue = "curve-")
    private String topic = "";

    @Option(names = "--prepare", description = CompareCommand.PREPARE, defaultValue = "10")
    private int prepareSeconds;

    @Option(names = "--warm-up", description = "seconds of each load before the clock counts", defaultValue = "3")
    private int warmUpSeconds;

    @Option(names = "--seconds", description = "seconds of each load that count", defaultValue = "5")
    private int seconds;

    @Option(names = "--only", description = "loads whose name contains this", defaultValue = "")
    private String only = "";

    /** A broker that somebody else has started. */
    private record KnownServer(
            InetSocketAddress address, @Nullable Long pid) implements ServerUnderLoad {
        @Override
        public double cpuNs() throws IOException {
            return pid == null ? Double.NaN : new ProcessFacts(pid).cpuNs();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(command);
        Durations durations = Usage.accept(known, () -> new Durations(prepareSeconds, warmUpSeconds, seconds));
        Usage.requireReachable(known, broker);
        ServerUnderLoad server = new KnownServer(broker, pid);
        List<Figure> points = Curves.all().stream()
                .filter(point -> point.name().contains(only))
                .toList();
        Results results = new Results();
        Preparation.run(server, true, durations.prepareSeconds());
        for (Figure point : points) {
            Figure.Measured measured = point.measure(server, true, topic + points.indexOf(point), durations);
            results.add(point.name(), NAME, point.reading().of(measured));
            System.err.println(point.name() + ": " + measured.load().line());
        }
        System.out.print(CurveTable.of(results, points, List.of(NAME)));
        return 0;
    }
}
