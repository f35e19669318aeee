package io.penstock.config.dynamic;

import io.penstock.config.ConfigSource;
import io.penstock.config.setting.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a client may know about one setting.
 *
 * @param value the text that counts; null if there is none, and always null for a secret
 * @param source the level it came from
 * @param type null if nobody knows the setting
 * @param synonyms all values it could have had, the one that counts first
 */
public record ConfigEntry(
        String key,
        @Nullable String value,
        ConfigSource source,
        boolean readOnly,
        boolean sensitive,
        List<Synonym> synonyms,
        @Nullable ValueType type,
        String doc) {

    public ConfigEntry {
        synonyms = List.copyOf(synonyms);
    }

    /**
     * One of the values that a setting could have.
     *
     * @param key the key under which it was given, which may be another one in another unit
     * @param value as given; null for a secret
     */
    public record Synonym(String key, @Nullable String value, ConfigSource source) {}
}
