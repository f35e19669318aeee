package io.penstock.net.telemetry;

import io.penstock.config.ClientMetricsConfigs;
import io.penstock.config.ClientMetricsSettings;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * What one client is asked to push: the metrics of all subscriptions that mean it, as often as the most impatient of them wants.
 * Immutable.
 *
 * @param id tells this from what the client was asked for before, and from what other clients are asked for
 * @param metrics beginnings of names, or only {@code *}; empty for none
 */
record Subscription(int id, List<String> metrics, int intervalMs) {
    Subscription {
        metrics = List.copyOf(metrics);
    }

    static Subscription of(ClientFacts client, Collection<ClientMetricsConfigs> configured) {
        SortedSet<String> metrics = new TreeSet<>();
        int intervalMs = Objects.requireNonNull(ClientMetricsSettings.INTERVAL_MS.defaultValue());
        for (ClientMetricsConfigs each : configured) {
            if (each.match().matches(client::attribute)) {
                metrics.addAll(each.metrics());
                intervalMs = Math.min(intervalMs, each.intervalMs());
            }
        }
        List<String> wanted = metrics.contains(ClientMetricsSettings.ALL_METRICS)
                ? List.of(ClientMetricsSettings.ALL_METRICS)
                : List.copyOf(metrics);
        return new Subscription(idOf(wanted, intervalMs, client), wanted, intervalMs);
    }

    private static int idOf(List<String> metrics, int intervalMs, ClientFacts client) {
        CRC32C crc = new CRC32C();
        crc.update((metrics.toString() + intervalMs).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue() ^ client.instanceId().hashCode();
    }
}
