package io.penstock.net.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The whole command line: picks the command and turns every outcome into an exit code. Used by the main thread. */
public final class CommandLineTool {

    /** What the first argument may be besides arguments of {@code start}. */
    private static final List<String> FIRST_WORDS =
            List.of("start", "config", "help", "-h", "--help", "-V", "--version");

    private final Terminal terminal;
    private final ServerLauncher launcher;
    private final String version;

    public CommandLineTool(Terminal terminal, ServerLauncher launcher, String version) {
        this.terminal = terminal;
        this.launcher = launcher;
        this.version = version;
    }

    private CommandLine commands() {
        CommandLine commands = new CommandLine(new TopLevel())
                .addSubcommand(new StartCommand(terminal, launcher))
                .addSubcommand(new ConfigCommand(terminal))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setParameterExceptionHandler(this::onBadArguments);
        String[] versionLines = {"penstock " + version};
        commands.getCommandSpec().version(versionLines);
        commands.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().version(versionLines));
        return commands;
    }

    /** Does what the arguments say and returns the exit code. Without a command it is {@code start}. */
    public int run(String... arguments) {
        Optional<PlainStart> plain = PlainStart.of(terminal.environment(), arguments);
        return plain.isPresent()
                ? start(plain.get())
                : commands().execute(isCommandNamed(arguments) ? arguments : startWith(arguments));
    }

    private int start(PlainStart plain) {
        try {
            return StartCommand.of(plain, terminal, launcher).call();
        } catch (RuntimeException bug) {
            bug.printStackTrace(terminal.err());
            terminal.err().flush();
            return ExitCode.FAILURE.code();
        }
    }

    /** Whether these arguments will start a broker, if they are correct. */
    public static boolean isStart(String... arguments) {
        return !isCommandNamed(arguments) || arguments[0].equals("start");
    }

    private static boolean isCommandNamed(String... arguments) {
        return arguments.length > 0 && FIRST_WORDS.contains(arguments[0]);
    }

    private static String[] startWith(String... arguments) {
        return Stream.concat(Stream.of("start"), Stream.of(arguments)).toArray(String[]::new);
    }

    private int onBadArguments(ParameterException bad, String[] arguments) {
        terminal.err().println("penstock: " + bad.getMessage());
        terminal.err()
                .println("  what to do  'penstock " + bad.getCommandLine().getCommandName()
                        + " --help' lists what it takes");
        terminal.err().flush();
        return ExitCode.USAGE.code();
    }

    /** Holds the commands; does nothing itself. */
    @Command(
            name = "penstock",
            description = "A durable event-streaming broker that speaks the Apache Kafka wire protocol.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "[COMMAND]",
            footer = {
                "",
                "Without a command it starts a broker, so 'penstock' or 'java -jar penstock.jar' is all that is needed."
            })
    private static final class TopLevel {}
}
