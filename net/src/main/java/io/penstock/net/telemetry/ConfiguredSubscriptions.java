package io.penstock.net.telemetry;

import io.penstock.config.ClientMetricsConfigs;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The subscriptions of the newest metadata, read anew only when they have changed. Pure; owned by one event loop. */
final class ConfiguredSubscriptions {
    private MetadataImage lastSeen = MetadataImage.EMPTY;
    private Map<Map<String, String>, ClientMetricsConfigs> byText = Map.of();

    /** All subscriptions in {@code image}; those that say the same are told once. */
    Collection<ClientMetricsConfigs> of(MetadataImage image) {
        if (image != lastSeen) {
            Map<Map<String, String>, ClientMetricsConfigs> current = new HashMap<>();
            for (String name : image.configuredNames(ConfigScope.CLIENT_METRICS)) {
                Map<String, String> text = image.configs(ConfigScope.CLIENT_METRICS, name);
                ClientMetricsConfigs known = byText.get(text);
                current.put(text, known == null ? ClientMetricsConfigs.of(text) : known);
            }
            byText = current;
            lastSeen = image;
        }
        return byText.values();
    }
}
