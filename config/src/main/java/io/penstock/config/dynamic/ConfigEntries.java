package io.penstock.config.dynamic;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.ClientMetricsSettings;
import io.penstock.config.ConfigSource;
import io.penstock.config.GroupConfigSettings;
import io.penstock.config.Layers;
import io.penstock.config.Layers.Candidate;
import io.penstock.config.TopicSettings;
import io.penstock.config.dynamic.ConfigEntry.Synonym;
import io.penstock.config.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Describes settings: every key that is not internal, in the order of keys. Secrets stay unsaid. Pure. */
public final class ConfigEntries {

    private static final List<ConfigSource> DYNAMIC_LEVELS =
            List.of(ConfigSource.DYNAMIC_BROKER_CONFIG, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);

    private ConfigEntries() {}

    /** All settings of a topic; an internal one is listed only if the topic sets it. */
    public static List<ConfigEntry> ofTopic(Map<String, String> overrides, BrokerConfig broker) {
        Layers layers = broker.layersOfTopic(overrides);
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : TopicSettings.CATALOGUE.all()) {
            if (!setting.hidden() || overrides.containsKey(setting.key())) {
                entries.add(entry(setting, layers.ofTopic(setting)));
            }
        }
        return entries;
    }

    /** All settings of a group, which need not exist. */
    public static List<ConfigEntry> ofGroup(Map<String, String> overrides, BrokerConfig broker) {
        Layers layers = broker.layersOfGroup(overrides);
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : GroupConfigSettings.CATALOGUE.all()) {
            entries.add(entry(setting, layers.ofGroup(setting)));
        }
        return entries;
    }

    /** All settings of a subscription of client metrics, which need not exist. Defaults are no synonyms here, as in Kafka. */
    public static List<ConfigEntry> ofClientMetrics(Map<String, String> overrides) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : ClientMetricsSettings.CATALOGUE.all()) {
            String text = overrides.get(setting.key());
            ConfigSource source = text == null ? ConfigSource.DEFAULT_CONFIG : ConfigSource.CLIENT_METRICS_CONFIG;
            entries.add(new ConfigEntry(
                    setting.key(),
                    text == null ? setting.defaultText() : text,
                    source,
                    false,
                    false,
                    text == null ? List.of() : List.of(new Synonym(setting.key(), text, source)),
                    setting.type(),
                    setting.doc()));
        }
        return entries;
    }

    /**
     * All settings of the broker; an internal one is listed only where it is set. Behind them what else is set at run time: settings of one
     * listener, and those that nobody knows, whose values may be secrets and are told to nobody.
     */
    public static List<ConfigEntry> ofBroker(BrokerConfig broker) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : BrokerSettings.CATALOGUE.all()) {
            ConfigEntry entry = entry(setting, broker.layers().ofBroker(setting));
            if (!setting.hidden() || entry.source() != ConfigSource.DEFAULT_CONFIG) {
                entries.add(entry);
            }
        }
        SortedSet<String> others = new TreeSet<>();
        DYNAMIC_LEVELS.forEach(level -> others.addAll(broker.layers().at(level).keySet()));
        others.removeIf(ConfigEntries::isInCatalogue);
        others.forEach(key -> entries.add(other(key, broker, DYNAMIC_LEVELS)));
        return entries;
    }

    /** Only what is set at run time as the default of all brokers. */
    public static List<ConfigEntry> ofCluster(BrokerConfig broker) {
        Map<String, String> texts = broker.layers().at(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : BrokerSettings.CATALOGUE.all()) {
            if (texts.containsKey(setting.key())) {
                entries.add(entry(
                        setting,
                        broker.layers().ofBroker(setting).stream()
                                .filter(candidate -> candidate.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
                                .toList()));
            }
        }
        texts.keySet().stream()
                .filter(key -> !isInCatalogue(key))
                .sorted()
                .forEach(key -> entries.add(other(key, broker, List.of(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG))));
        return entries;
    }

    private static boolean isInCatalogue(String key) {
        return BrokerSettings.CATALOGUE.find(key).isPresent();
    }

    /** A key that is set at one of these levels, the strongest first, and stands in no catalogue. */
    private static ConfigEntry other(String key, BrokerConfig broker, List<ConfigSource> levels) {
        Setting<?> setting = BrokerSettings.find(key).orElse(null);
        boolean sensitive = setting == null || setting.isSensitive();
        List<Synonym> synonyms = levels.stream()
                .filter(level -> broker.layers().at(level).containsKey(key))
                .map(level -> new Synonym(
                        key, sensitive ? null : broker.layers().at(level).get(key), level))
                .toList();
        Synonym strongest = synonyms.get(0);
        return new ConfigEntry(
                key,
                strongest.value(),
                strongest.source(),
                true,
                sensitive,
                synonyms,
                setting == null ? null : setting.type(),
                setting == null ? "" : setting.doc());
    }

    private static ConfigEntry entry(Setting<?> setting, List<Candidate> candidates) {
        boolean sensitive = setting.isSensitive();
        List<Synonym> synonyms = candidates.stream()
                .map(candidate -> new Synonym(candidate.key(), sensitive ? null : candidate.text(), candidate.source()))
                .toList();
        boolean hasValue = !candidates.isEmpty();
        return new ConfigEntry(
                setting.key(),
                hasValue && !sensitive ? setting.type().render(candidates.get(0).value()) : null,
                hasValue ? candidates.get(0).source() : ConfigSource.DEFAULT_CONFIG,
                !setting.updateMode().isDynamic(),
                sensitive,
                synonyms,
                setting.type(),
                setting.doc());
    }
}
