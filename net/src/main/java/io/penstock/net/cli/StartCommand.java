package io.penstock.net.cli;

import io.penstock.config.BrokerConfig;
import io.penstock.config.setting.ConfigException;
import io.penstock.net.logging.LogFormat;
import io.penstock.net.logging.LogSetup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code start}: runs a broker until it is told to stop. */
@Command(
        name = "start",
        description = "Runs a broker until SIGTERM or Ctrl-C. This is what happens without a command too.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings have Kafka's names. KAFKA_NUM_PARTITIONS=3 in the environment sets num.partitions.",
            "Exit codes: 0 stopped, 1 failure, 2 usage, 75 port or directory busy, 78 bad configuration."
        })
final class StartCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final ServerLauncher launcher;

    @Mixin
    private final SettingArguments settings;

    @Mixin
    private final LogArguments log = new LogArguments();

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Written as soon as the broker is ready, with its addresses as JSON; deleted when it stops.")
    private @Nullable Path readyFile;

    @Option(
            names = "--rehearse",
            description =
                    "Once it is ready, write a record to the topic penstock-rehearsal and read it back as a client would, then"
                            + " stop. Exit code 0: all of it works here.")
    private boolean isRehearsal;

    StartCommand(Terminal terminal, ServerLauncher launcher) {
        this(terminal, launcher, new SettingArguments());
    }

    private StartCommand(Terminal terminal, ServerLauncher launcher, SettingArguments settings) {
        this.terminal = terminal;
        this.launcher = launcher;
        this.settings = settings;
    }

    /** A command whose arguments have been read already. */
    static StartCommand of(PlainStart plain, Terminal terminal, ServerLauncher launcher) {
        return new StartCommand(terminal, launcher, SettingArguments.of(plain));
    }

    @Override
    public Integer call() {
        LogFormat format = log.format(terminal.environment());
        LogSetup.use(format, log.level(terminal.environment()));
        RefusalReport report = new RefusalReport(terminal.err(), format, log.isDebug());
        return start(format, report).code();
    }

    private ExitCode start(LogFormat format, RefusalReport report) {
        BrokerConfig config;
        try {
            config = settings.load(terminal.environment());
        } catch (ConfigException bad) {
            return report.report(Refusal.of(bad), bad);
        }
        return launcher.run(config, new StartOptions(format, Optional.ofNullable(readyFile), isRehearsal), report);
    }
}
