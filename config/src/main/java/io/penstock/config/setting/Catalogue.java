package io.penstock.config.setting;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** All settings of one kind of resource, by key. Immutable. */
public final class Catalogue {

    private final TreeMap<String, Setting<?>> byKey = new TreeMap<>();

    /**
     * Unites lists of settings.
     *
     * @throws IllegalArgumentException if a key occurs twice
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static Catalogue of(List<Setting<?>>... groups) {
        return new Catalogue(List.of(groups));
    }

    private Catalogue(List<List<Setting<?>>> groups) {
        for (List<Setting<?>> group : groups) {
            for (Setting<?> setting : group) {
                if (byKey.put(setting.key(), setting) != null) {
                    throw new IllegalArgumentException("two settings named " + setting.key());
                }
            }
        }
    }

    public Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    public boolean contains(String key) {
        return byKey.containsKey(key);
    }

    /** All settings in the order of their keys, hidden ones too. */
    public Collection<Setting<?>> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    /** The known key that looks most like {@code key}, if one is close enough to be meant. */
    public Optional<String> closest(String key) {
        return Closest.to(
                key,
                byKey.values().stream()
                        .filter(setting -> !setting.hidden())
                        .map(Setting::key)
                        .toList());
    }
}
