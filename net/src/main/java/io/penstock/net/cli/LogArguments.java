package io.penstock.net.cli;

import io.penstock.net.logging.LogFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the process logs. */
final class LogArguments {

    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "Lines for people, or one JSON object per line. Default: $LOG_FORMAT, else text.")
    private @Nullable String format;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "trace, debug, info, warn, error or off. Default: $LOG_LEVEL, else info.")
    private @Nullable String level;

    @Option(names = "--debug", description = "Show the stack trace of everything that goes wrong.")
    private boolean debug;

    LogFormat format(Map<String, String> environment) {
        String chosen = choose(format, environment.get("LOG_FORMAT"), "text");
        return switch (chosen) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw refused("--log-format takes text or json, found '" + chosen + "'");
        };
    }

    String level(Map<String, String> environment) {
        String chosen = choose(level, environment.get("LOG_LEVEL"), "info");
        if (!LEVELS.contains(chosen)) {
            throw refused("--log-level takes trace, debug, info, warn, error or off, found '" + chosen + "'");
        }
        return chosen;
    }

    boolean isDebug() {
        return debug;
    }

    private static String choose(@Nullable String argument, @Nullable String variable, String byDefault) {
        String chosen = argument != null ? argument : variable;
        return chosen == null || chosen.isBlank() ? byDefault : chosen.trim().toLowerCase(Locale.ROOT);
    }

    private RuntimeException refused(String message) {
        return spec == null ? new IllegalStateException(message) : new ParameterException(spec.commandLine(), message);
    }
}
