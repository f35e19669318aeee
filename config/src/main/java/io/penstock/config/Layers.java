package io.penstock.config;

import io.penstock.config.setting.Fallback;
import io.penstock.config.setting.Setting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as text at each level where they can be set, and the rule by which one of them counts: the strongest
 * level wins, and within a level the key itself before the keys it falls back to. Text that breaks its setting's
 * rule is passed over. Immutable.
 */
public final class Layers {

    /** Where a broker setting can be given, strongest first. */
    static final List<ConfigSource> BROKER_LEVELS = List.of(
            ConfigSource.DYNAMIC_BROKER_CONFIG,
            ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
            ConfigSource.STATIC_BROKER_CONFIG);

    private static final Layers NONE = new Layers(new EnumMap<>(ConfigSource.class));

    private final EnumMap<ConfigSource, Map<String, String>> values;

    /**
     * One value that a setting could have.
     *
     * @param key under which it was given: the setting's own or that of a fallback
     * @param value converted to the setting's type and unit
     * @param text as given, in the unit of {@code key}
     */
    public record Candidate(ConfigSource source, String key, Object value, String text) {}

    private Layers(EnumMap<ConfigSource, Map<String, String>> values) {
        this.values = values;
    }

    static Layers none() {
        return NONE;
    }

    /** These layers with all values of one level replaced. */
    Layers with(ConfigSource source, Map<String, String> texts) {
        EnumMap<ConfigSource, Map<String, String>> changed = new EnumMap<>(values);
        changed.put(source, Map.copyOf(texts));
        return new Layers(changed);
    }

    /** The values given at one level; empty for defaults, which are the catalogue's. */
    public Map<String, String> at(ConfigSource source) {
        return values.getOrDefault(source, Map.of());
    }

    /** All candidates for a broker setting, strongest first, defaults last. */
    public List<Candidate> ofBroker(Setting<?> setting) {
        List<Candidate> found = new ArrayList<>();
        for (ConfigSource source : BROKER_LEVELS) {
            add(source, setting, Fallback.to(setting.key()), setting, found);
            addFallbacks(source, setting, found);
        }
        addDefault(setting, Fallback.to(setting.key()), setting.defaultValue(), setting, found);
        addFallbackDefaults(setting, found);
        return found;
    }

    /**
     * All candidates for a topic setting, strongest first; its defaults are those of the broker settings behind
     * it, if any.
     */
    public List<Candidate> ofTopic(Setting<?> setting) {
        return ofResource(ConfigSource.TOPIC_CONFIG, setting);
    }

    /** All candidates for a group setting, strongest first; as for topics. */
    public List<Candidate> ofGroup(Setting<?> setting) {
        return ofResource(ConfigSource.GROUP_CONFIG, setting);
    }

    private List<Candidate> ofResource(ConfigSource own, Setting<?> setting) {
        List<Candidate> found = new ArrayList<>();
        add(own, setting, Fallback.to(setting.key()), setting, found);
        for (ConfigSource source : BROKER_LEVELS) {
            addFallbacks(source, setting, found);
        }
        if (setting.fallbacks().isEmpty()) {
            addDefault(setting, Fallback.to(setting.key()), setting.defaultValue(), setting, found);
        }
        addFallbackDefaults(setting, found);
        return found;
    }

    private void addFallbacks(ConfigSource source, Setting<?> setting, List<Candidate> found) {
        for (Fallback fallback : setting.fallbacks()) {
            BrokerSettings.CATALOGUE
                    .find(fallback.key())
                    .ifPresent(other -> add(source, setting, fallback, other, found));
        }
    }

    private void add(ConfigSource source, Setting<?> setting, Fallback name, Setting<?> named, List<Candidate> found) {
        String text = at(source).get(name.key());
        Object value = text == null ? null : named.parse(text);
        if (text != null && value != null) {
            found.add(new Candidate(source, name.key(), convert(setting, name, value), text));
        }
    }

    private static void addFallbackDefaults(Setting<?> setting, List<Candidate> found) {
        for (Fallback fallback : setting.fallbacks()) {
            BrokerSettings.CATALOGUE
                    .find(fallback.key())
                    .ifPresent(other -> addDefault(setting, fallback, other.defaultValue(), other, found));
        }
    }

    private static void addDefault(
            Setting<?> setting, Fallback name, @Nullable Object value, Setting<?> named, List<Candidate> found) {
        if (value != null) {
            found.add(new Candidate(
                    ConfigSource.DEFAULT_CONFIG,
                    name.key(),
                    convert(setting, name, value),
                    named.type().render(value)));
        }
    }

    private static Object convert(Setting<?> setting, Fallback name, Object value) {
        return switch (setting.type()) {
            case LONG -> name.scale(((Number) value).longValue());
            default -> value; // fallbacks of other types have the same type and unit
        };
    }
}
