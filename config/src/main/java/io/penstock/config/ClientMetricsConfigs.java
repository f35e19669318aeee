package io.penstock.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One subscription of client metrics.
 *
 * @param metrics beginnings of metric names; may contain {@link ClientMetricsSettings#ALL_METRICS}
 * @param intervalMs between two pushes
 * @param match the clients that are meant
 */
public record ClientMetricsConfigs(Set<String> metrics, int intervalMs, ClientMatch match) {

    public ClientMetricsConfigs {
        metrics = Set.copyOf(metrics);
    }

    /**
     * Reads the settings of a subscription.
     *
     * @param overrides as text; a value that breaks its rule is passed over
     */
    public static ClientMetricsConfigs of(Map<String, String> overrides) {
        SettingValues values = SettingValues.of(ClientMetricsSettings.CATALOGUE, setting -> List.of())
                .overriddenBy(overrides, ClientMetricsSettings.CATALOGUE);
        List<String> match = values.find(ClientMetricsSettings.MATCH)
                .filter(texts -> ClientMatch.firstIllegal(texts).isEmpty())
                .orElse(List.of());
        return new ClientMetricsConfigs(
                new LinkedHashSet<>(values.find(ClientMetricsSettings.METRICS).orElse(List.of())),
                values.find(ClientMetricsSettings.INTERVAL_MS)
                        .filter(ClientMetricsConfigs::isAllowed)
                        .or(() -> Optional.ofNullable(ClientMetricsSettings.INTERVAL_MS.defaultValue()))
                        .orElseThrow(),
                new ClientMatch(match));
    }

    /** Whether clients may be asked to push that often. */
    public static boolean isAllowed(int intervalMs) {
        return intervalMs >= ClientMetricsSettings.MIN_INTERVAL_MS
                && intervalMs <= ClientMetricsSettings.MAX_INTERVAL_MS;
    }
}
