package io.penstock.config;

import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Importance;
import io.penstock.config.setting.Setting;
import io.penstock.config.setting.UpdateMode;
import io.penstock.config.setting.ValueType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's settings that do nothing here, read from the table {@code settings-without-effect.txt} beside this
 * class. They are known so that a Kafka configuration file loads without complaint and tools that read or change
 * them are not refused.
 */
final class InertSettings {

    private static final String TABLE = "settings-without-effect.txt";

    /** {@code key TYPE IMPORTANCE update-mode [internal] [= default]}. */
    private static final Pattern ROW =
            Pattern.compile("(?<key>\\S+) (?<type>\\w+) (?<importance>\\w+) (?<mode>[a-z-]+)(?<internal> internal)?"
                    + "(?: = (?<default>.*))?");

    static final List<Setting<?>> ALL = load();

    private InertSettings() {}

    private static List<Setting<?>> load() {
        try (InputStream table = Objects.requireNonNull(InertSettings.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return read(reader.lines().toList());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + TABLE, failure);
        }
    }

    /** Reads a table of this form. */
    static List<Setting<?>> read(List<String> lines) {
        List<Setting<?>> settings = new ArrayList<>();
        String reason = "";
        for (String line : lines) {
            if (line.startsWith("[")) {
                reason = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                settings.add(row(line, reason));
            }
        }
        return List.copyOf(settings);
    }

    private static Setting<?> row(String line, String reason) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new IllegalStateException("malformed row in " + TABLE + ": " + line);
        }
        ValueType type = ValueType.valueOf(row.group("type"));
        UpdateMode mode =
                UpdateMode.valueOf(row.group("mode").toUpperCase(Locale.ROOT).replace('-', '_'));
        Setting<?> setting = Setting.ofType(
                        row.group("key"),
                        type,
                        defaultOf(type, row.group("default")),
                        (reason.startsWith("refused")
                                        ? "Not supported: "
                                        : "Accepted for compatibility; without effect: ")
                                + reason + ".")
                .importance(Importance.valueOf(row.group("importance")))
                .updateMode(mode)
                .effect(Effect.NONE);
        return row.group("internal") == null ? setting : setting.asHidden();
    }

    private static @Nullable Object defaultOf(ValueType type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return Objects.requireNonNull(type.parse(text.equals("\"\"") ? "" : text), text);
    }
}
