package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The tables in the README are the catalogue.
 * {@code mvn -pl config test -Dtest=ReadmeTableTest -Dreadme.update=true} writes them anew.
 */
class ReadmeTableTest {

    private static final Path README = Path.of(System.getProperty("basedir", "."), "README.md");
    private static final String BEGIN = "<!-- settings: written by ReadmeTableTest -->\n";
    private static final String END = "<!-- end of settings -->";

    @Test
    void shouldDocumentExactlyTheSettingsThatExist() throws IOException {
        // given
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        String tables = tables();

        // when
        if (Boolean.getBoolean("readme.update")) {
            Files.writeString(README, readme.substring(0, begin) + tables + readme.substring(end));
        }

        // then
        assertThat(Files.readString(README).contains(BEGIN + tables + END))
                .as("README.md shows the settings of the catalogue; -Dreadme.update=true writes them anew")
                .isTrue();
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        append(text, "Broker, topics, threads", BrokerSettings.ALL);
        append(text, "Listeners, sockets, limits, HTTP", NetworkSettings.ALL);
        append(text, "Logs: defaults for all topics", LogSettings.ALL);
        append(text, "Groups and transactions", CoordinatorSettings.ALL);
        append(text, "Quotas", QuotaSettings.ALL);
        append(text, "Topics", TopicSettings.ALL);
        append(text, "Single groups", GroupConfigSettings.ALL);
        append(text, "Subscriptions of client metrics", ClientMetricsSettings.ALL);
        appendInert(text);
        return text.toString();
    }

    private static void append(StringBuilder text, String title, List<Setting<?>> settings) {
        text.append("\n### ")
                .append(title)
                .append("\n\n| setting | default | value | change | meaning |\n| --- | --- | --- | --- | --- |\n");
        settings.stream()
                .filter(setting -> !setting.hidden())
                .sorted(Comparator.comparing(Setting::key))
                .forEach(setting -> text.append(row(setting)));
    }

    private static String row(Setting<?> setting) {
        String defaultText = setting.defaultText();
        String planned = setting.effect() == Effect.PLANNED ? "*(planned)* " : "";
        return "| `" + setting.key() + "` | " + code(defaultText) + " | " + setting.expected() + " | "
                + setting.updateMode().label() + " | " + planned + setting.doc() + " |\n";
    }

    private static String code(@Nullable String text) {
        return text == null ? "–" : text.isEmpty() ? "empty" : "`" + text + "`";
    }

    private static void appendInert(StringBuilder text) {
        text.append("\n### Kafka's settings that do nothing here\n\n| why | settings |\n| --- | --- |\n");
        InertSettings.ALL.stream()
                .filter(setting -> !setting.hidden())
                .collect(Collectors.groupingBy(
                        Setting::doc,
                        LinkedHashMap::new,
                        Collectors.mapping(setting -> "`" + setting.key() + "`", Collectors.joining(", "))))
                .forEach((doc, keys) -> text.append("| ")
                        .append(doc, doc.indexOf(": ") + 2, doc.length() - 1)
                        .append(" | ")
                        .append(keys)
                        .append(" |\n"));
        text.append('\n');
    }
}
