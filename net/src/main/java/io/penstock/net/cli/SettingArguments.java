package io.penstock.net.cli;

import io.penstock.config.BrokerConfig;
import io.penstock.config.source.ServerProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where settings come from: a file, the environment, the command line. The later of these wins. */
final class SettingArguments {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Settings in the format of Kafka's server.properties. Without it the defaults apply.")
    private @Nullable Path file;

    @Option(
            names = "--override",
            paramLabel = "KEY=VALUE",
            description = "A setting that goes before those of the file and of the environment. May be repeated.")
    private List<String> overrides = List.of();

    /** Arguments that have been read already. */
    static SettingArguments of(PlainStart plain) {
        SettingArguments arguments = new SettingArguments();
        arguments.file = plain.file();
        arguments.overrides = plain.overrides();
        return arguments;
    }

    /**
     * Reads all of them.
     *
     * @throws io.penstock.config.setting.ConfigException naming every value that cannot be used
     * @throws ParameterException an override without an equals sign
     */
    BrokerConfig load(Map<String, String> environment) {
        overrides.forEach(this::checkForm);
        ServerProperties fromFile = file == null ? ServerProperties.empty() : ServerProperties.load(file);
        return BrokerConfig.of(fromFile.overriddenBy(ServerProperties.environment(environment))
                .overriddenBy(ServerProperties.overrides(overrides)));
    }

    private void checkForm(String override) {
        if (override.indexOf('=') < 1 && spec != null) {
            throw new ParameterException(spec.commandLine(), "--override takes KEY=VALUE, found '" + override + "'");
        }
    }
}
