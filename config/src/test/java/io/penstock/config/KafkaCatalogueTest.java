package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogues hold against what Kafka 4.3 says of itself, kept as tables among the test resources. */
class KafkaCatalogueTest {

    private static List<Setting<?>> kafka(String kind) throws IOException {
        String name = "kafka-4.3-" + kind + "-settings.txt";
        try (InputStream table = Objects.requireNonNull(KafkaCatalogueTest.class.getResourceAsStream(name), name)) {
            return InertSettings.read(new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    private static String facts(Setting<?> setting) {
        return setting.type() + " " + setting.importance() + " " + setting.updateMode() + " " + setting.hidden();
    }

    private static Map<String, String> differences(List<Setting<?>> theirs, Catalogue ours, boolean ofDefaults) {
        Map<String, String> differences = new TreeMap<>();
        for (Setting<?> kafka : theirs) {
            Setting<?> known = ours.find(kafka.key()).orElseThrow();
            String expected = ofDefaults ? String.valueOf(kafka.defaultText()) : facts(kafka);
            String actual = ofDefaults ? String.valueOf(known.defaultText()) : facts(known);
            if (!actual.equals(expected)) {
                differences.put(kafka.key(), actual);
            }
        }
        return differences;
    }

    @Test
    void shouldKnowEveryBrokerSettingOfKafka() throws IOException {
        assertThat(kafka("broker"))
                .hasSize(360)
                .allSatisfy(setting -> assertThat(BrokerSettings.CATALOGUE.contains(setting.key()))
                        .as(setting.key())
                        .isTrue());
    }

    @Test
    void shouldKnowEveryTopicSettingOfKafka() throws IOException {
        assertThat(kafka("topic"))
                .hasSize(34)
                .allSatisfy(setting -> assertThat(TopicSettings.CATALOGUE.contains(setting.key()))
                        .as(setting.key())
                        .isTrue());
    }

    @Test
    void shouldAgreeWithKafkaOnTypesImportanceAndUpdateModes() throws IOException {
        assertThat(differences(kafka("topic"), TopicSettings.CATALOGUE, false)).isEmpty();
        assertThat(differences(kafka("broker"), BrokerSettings.CATALOGUE, false))
                .as("listeners cannot be changed while the broker runs")
                .containsOnlyKeys("listeners", "listener.security.protocol.map");
    }

    @Test
    void shouldDifferFromKafkasDefaultsOnlyWhereThoseHurt() throws IOException {
        assertThat(differences(kafka("topic"), TopicSettings.CATALOGUE, true)).isEmpty();
        assertThat(differences(kafka("broker"), BrokerSettings.CATALOGUE, true))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("broker.id", "null"),
                        Map.entry("controller.listener.names", ""),
                        Map.entry("group.initial.rebalance.delay.ms", "0"),
                        Map.entry("listeners", "PLAINTEXT://localhost:9092"),
                        Map.entry("log.dir", "./data"),
                        Map.entry("node.id", "1"),
                        Map.entry("offsets.topic.num.partitions", "16"),
                        Map.entry("offsets.topic.replication.factor", "1"),
                        Map.entry("offsets.topic.segment.bytes", "16777216"),
                        Map.entry("process.roles", "broker"),
                        Map.entry("share.coordinator.state.topic.min.isr", "1"),
                        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                        Map.entry("transaction.max.timeout.ms", "604800000"),
                        Map.entry("transaction.state.log.min.isr", "1"),
                        Map.entry("transaction.state.log.num.partitions", "16"),
                        Map.entry("transaction.state.log.replication.factor", "1"),
                        Map.entry("transaction.state.log.segment.bytes", "16777216"))));
    }

    @Test
    void shouldListEveryConstantInItsCatalogue() throws IllegalAccessException {
        // given
        List<String> missing = new ArrayList<>();

        // when
        for (Class<?> group : List.of(
                BrokerSettings.class,
                NetworkSettings.class,
                LogSettings.class,
                CoordinatorSettings.class,
                QuotaSettings.class)) {
            missing.addAll(missing(group, BrokerSettings.CATALOGUE));
        }
        missing.addAll(missing(TopicSettings.class, TopicSettings.CATALOGUE));

        // then
        assertThat(missing).isEmpty();
    }

    private static List<String> missing(Class<?> group, Catalogue catalogue) throws IllegalAccessException {
        List<String> missing = new ArrayList<>();
        for (Field field : group.getDeclaredFields()) {
            if (field.getType() == Setting.class) {
                String key = ((Setting<?>) Objects.requireNonNull(field.get(null))).key();
                if (!catalogue.contains(key)) {
                    missing.add(key);
                }
            }
        }
        return missing;
    }

    @Test
    void shouldAcceptItsOwnDefaults() {
        assertThat(Stream.concat(BrokerSettings.CATALOGUE.all().stream(), TopicSettings.CATALOGUE.all().stream()))
                .allSatisfy(setting -> {
                    String text = setting.defaultText();
                    assertThat(text == null || setting.check(text).isEmpty())
                            .as(setting.key())
                            .isTrue();
                });
    }

    @Test
    void shouldSayWhatEverySettingMeans() {
        assertThat(Stream.concat(BrokerSettings.CATALOGUE.all().stream(), TopicSettings.CATALOGUE.all().stream()))
                .allSatisfy(setting -> assertThat(setting.doc())
                        .as(setting.key())
                        .endsWith(".")
                        .hasSizeGreaterThan(20));
    }

    @Test
    void shouldFallBackOnlyToKnownSettings() {
        assertThat(Stream.concat(BrokerSettings.CATALOGUE.all().stream(), TopicSettings.CATALOGUE.all().stream()))
                .allSatisfy(setting -> assertThat(setting.fallbacks())
                        .allSatisfy(fallback -> assertThat(BrokerSettings.CATALOGUE.contains(fallback.key()))
                                .as(setting.key())
                                .isTrue()));
    }
}
