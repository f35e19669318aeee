package io.penstock.net.cli;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.ConfigSource;
import io.penstock.config.Layers;
import io.penstock.config.TopicSettings;
import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Setting;
import io.penstock.net.logging.LogFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code config}: what a broker started with the same arguments would use, or what a setting means. */
@Command(
        name = "config",
        description = "Checks and prints the settings that 'start' would use, or tells what a setting means.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ConfigCommand implements Callable<Integer> {

    private static final String HIDDEN = "[hidden]";

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final SettingArguments settings = new SettingArguments();

    @Option(names = "--all", description = "Prints the defaults too, as comments.")
    private boolean all;

    @Option(
            names = "--describe",
            paramLabel = "KEY",
            description = "Tells what this broker or topic setting means, what it takes, and its default.")
    private List<String> described = List.of();

    ConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!described.isEmpty()) {
            described.forEach(this::describe);
            return ExitCode.OK.code();
        }
        RefusalReport report = new RefusalReport(terminal.err(), LogFormat.TEXT, false);
        try {
            print(settings.load(terminal.environment()));
            return ExitCode.OK.code();
        } catch (ConfigException bad) {
            return report.report(Refusal.of(bad), bad).code();
        }
    }

    private void print(BrokerConfig config) {
        config.unknownKeys()
                .forEach(unknown -> terminal.err().println("penstock: unknown setting " + unknown.describe()));
        for (Setting<?> setting : BrokerSettings.CATALOGUE.all()) {
            if (!setting.hidden()) {
                config.layers().ofBroker(setting).stream().findFirst().ifPresent(value -> print(setting, value));
            }
        }
        terminal.out().flush();
    }

    private void print(Setting<?> setting, Layers.Candidate value) {
        boolean isDefault = value.source() == ConfigSource.DEFAULT_CONFIG;
        if (isDefault && !all) {
            return;
        }
        String text = setting.isSensitive() ? HIDDEN : value.text();
        if (value.key().equals(setting.key())) {
            terminal.out().println((isDefault ? "#" : "") + setting.key() + "=" + text);
        }
    }

    private void describe(String key) {
        List<Setting<?>> found = Stream.of(BrokerSettings.find(key), TopicSettings.CATALOGUE.find(key))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        if (found.isEmpty()) {
            refuse(key);
        }
        found.forEach(setting -> describe(key, setting));
        terminal.out().flush();
    }

    private void refuse(String key) {
        String hint = BrokerSettings.CATALOGUE
                .closest(key)
                .or(() -> TopicSettings.CATALOGUE.closest(key))
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "there is no setting " + key + hint);
        }
    }

    private void describe(String key, Setting<?> setting) {
        boolean isOfTopic =
                TopicSettings.CATALOGUE.find(key).filter(setting::equals).isPresent();
        PrintWriter out = terminal.out();
        out.println(key + (isOfTopic ? "  (topic)" : "  (broker)"));
        out.println("  " + setting.doc());
        out.println("  takes    " + setting.expected());
        out.println("  default  " + Optional.ofNullable(setting.defaultText()).orElse("none"));
        setting.fallbacks().forEach(other -> out.println("  else     " + other.key()));
        out.println("  change   "
                + (isOfTopic ? "at run time" : setting.updateMode().label()));
        out.println("  effect   " + effect(setting));
    }

    private static String effect(Setting<?> setting) {
        return switch (setting.effect()) {
            case ACTIVE -> "as described";
            case PLANNED -> "none yet: accepted and checked, but not acted upon in this release";
            case NONE -> "none: a setting of Kafka that has no counterpart here";
        };
    }
}
