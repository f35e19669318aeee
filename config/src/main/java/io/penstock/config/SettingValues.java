package io.penstock.config;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The value that counts for every setting of a catalogue, parsed once. Immutable. */
final class SettingValues {

    private final Map<String, Object> values;

    private SettingValues(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Takes the first candidate of every setting.
     *
     * @param candidates of one setting, strongest first
     */
    static SettingValues of(Catalogue catalogue, Function<Setting<?>, List<Layers.Candidate>> candidates) {
        Map<String, Object> values = new HashMap<>();
        for (Setting<?> setting : catalogue.all()) {
            candidates.apply(setting).stream()
                    .findFirst()
                    .ifPresent(winner -> values.put(setting.key(), winner.value()));
        }
        return new SettingValues(values);
    }

    /** These values with those of {@code texts} that keep their setting's rule in place of ours. */
    SettingValues overriddenBy(Map<String, String> texts, Catalogue catalogue) {
        if (texts.isEmpty()) {
            return this;
        }
        Map<String, Object> changed = new HashMap<>(values);
        texts.forEach((key, text) ->
                catalogue.find(key).map(setting -> setting.parse(text)).ifPresent(value -> changed.put(key, value)));
        return new SettingValues(changed);
    }

    /** The value, which the setting must have; else an IllegalStateException. */
    <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalStateException(setting.key() + " has neither a value nor a default"));
    }

    @SuppressWarnings("unchecked") // a value was parsed by its setting and has the setting's type
    <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting.key()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SettingValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
