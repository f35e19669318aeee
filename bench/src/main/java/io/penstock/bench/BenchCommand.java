package io.penstock.bench;

import io.penstock.bench.compare.CompareCommand;
import io.penstock.bench.compare.CurveCommand;
import io.penstock.bench.embedded.EmbeddedCommand;
import io.penstock.bench.load.LoadCommand;
import io.penstock.bench.pause.PauseCommand;
import io.penstock.bench.zerocopy.ZeroCopyCommand;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code java -jar bench/target/bench.jar load|compare|curve|embedded|pause|zero-copy|jmh …}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Penstock, and any other broker that speaks Kafka's protocol.",
        subcommands = {
            LoadCommand.class,
            CompareCommand.class,
            CurveCommand.class,
            EmbeddedCommand.class,
            PauseCommand.class,
            ZeroCopyCommand.class,
            BenchCommand.Jmh.class
        })
public final class BenchCommand {
    private BenchCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchCommand()).execute(args));
    }

    /** Hands its arguments to JMH as they are. */
    @Command(name = "jmh", description = "Runs the micro-benchmarks; arguments are JMH's own (-h lists them).")
    static final class Jmh implements Callable<Integer> {
        @Parameters(arity = "0..*", description = "JMH arguments, after --")
        private List<String> arguments = List.of();

        @Override
        public Integer call() throws IOException {
            Main.main(arguments.toArray(String[]::new));
            return 0;
        }
    }
}
