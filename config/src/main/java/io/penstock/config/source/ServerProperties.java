package io.penstock.config.source;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings a broker is started with, as text, each with its place of origin. Immutable.
 *
 * <pre>{@code
 * ServerProperties.load(file)
 *         .overriddenBy(ServerProperties.environment(System.getenv()))
 *         .overriddenBy(ServerProperties.overrides(List.of("num.partitions=3")));
 * }</pre>
 */
public final class ServerProperties {

    private static final ServerProperties EMPTY = new ServerProperties(Map.of());

    private final Map<String, SourcedValue> values;

    private ServerProperties(Map<String, SourcedValue> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static ServerProperties empty() {
        return EMPTY;
    }

    /** Values given by a program that embeds the broker. */
    public static ServerProperties of(Map<String, String> values) {
        Map<String, SourcedValue> sourced = new LinkedHashMap<>();
        values.forEach((key, text) -> sourced.put(key, new SourcedValue(text, "")));
        return new ServerProperties(sourced);
    }

    /**
     * Reads a property file in Java's format and ISO 8859-1 with {@code \\u} escapes, as Kafka does.
     *
     * @throws ConfigException if the file is missing, cannot be read, or has a malformed escape
     */
    public static ServerProperties load(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return parse(text, String.valueOf(file.getFileName()));
        } catch (NoSuchFileException missing) {
            throw unreadable(file, "a file of settings that exists (the commands are start, config and help)");
        } catch (IOException failure) {
            throw unreadable(file, "a file that can be read, got " + failure);
        }
    }

    private static ConfigException unreadable(Path file, String expected) {
        return new ConfigException(List.of(Problem.of("configuration file", file.toString(), expected)));
    }

    /**
     * Reads the text of a property file. A key given twice has its last value.
     *
     * @param name of the file, for messages
     * @throws ConfigException naming every line with a malformed escape
     */
    public static ServerProperties parse(String text, String name) {
        return new ServerProperties(new PropertyText(name).parse(text));
    }

    /**
     * The settings among environment variables, named as in Apache Kafka's container image; see
     * {@link EnvironmentNames}.
     */
    public static ServerProperties environment(Map<String, String> environment) {
        Map<String, SourcedValue> sourced = new LinkedHashMap<>();
        environment.keySet().stream()
                .sorted()
                .forEach(variable -> EnvironmentNames.keyOf(variable)
                        .ifPresent(key -> sourced.put(
                                key,
                                new SourcedValue(
                                        environment.getOrDefault(variable, ""),
                                        "in environment variable " + variable))));
        return new ServerProperties(sourced);
    }

    /**
     * Settings from the command line, each {@code key=value}; the value may contain further equals signs.
     *
     * @throws ConfigException naming every argument without a key or an equals sign
     */
    public static ServerProperties overrides(List<String> arguments) {
        Map<String, SourcedValue> sourced = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String key = equals < 0 ? "" : argument.substring(0, equals).trim();
            if (key.isEmpty()) {
                problems.add(Problem.of("--override", argument, "key=value"));
            } else {
                sourced.put(key, new SourcedValue(argument.substring(equals + 1).trim(), "in --override " + key));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ServerProperties(sourced);
    }

    /** These settings with those of {@code stronger} in place of ours where both have a key. */
    public ServerProperties overriddenBy(ServerProperties stronger) {
        Map<String, SourcedValue> merged = new LinkedHashMap<>(values);
        merged.putAll(stronger.values);
        return new ServerProperties(merged);
    }

    /** All settings in the order in which they were given. */
    public Map<String, SourcedValue> values() {
        return values;
    }
}
