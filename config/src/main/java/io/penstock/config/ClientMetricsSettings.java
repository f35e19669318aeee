package io.penstock.config;

import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.noEmptyElement;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Setting;
import io.penstock.config.setting.UpdateMode;
import java.util.List;
import java.util.stream.Stream;

/** The catalogue of settings of a subscription of client metrics (KIP-714): what clients are asked to push, how often, and which ones. */
public final class ClientMetricsSettings {

    /** Stands for all metrics in {@link #METRICS}. */
    public static final String ALL_METRICS = "*";

    public static final int MIN_INTERVAL_MS = 100;
    public static final int MAX_INTERVAL_MS = 3_600_000;

    public static final Setting<List<String>> METRICS = Setting.ofList(
            "metrics",
            List.of(),
            noEmptyElement(),
            "Beginnings of the names of the metrics that clients are to push; * for all of them, none for no metrics.");

    public static final Setting<Integer> INTERVAL_MS = Setting.ofInt(
            "interval.ms",
            300_000,
            any(),
            "Milliseconds between two pushes of a client, from 100 to 3600000. Of several subscriptions the "
                    + "shortest counts.");

    public static final Setting<List<String>> MATCH = Setting.ofList(
            "match",
            List.of(),
            any(),
            "Which clients are meant, as attribute=expression. Attributes are client_instance_id, client_id, "
                    + "client_software_name, client_software_version, client_source_address and client_source_port; "
                    + "the regular expression must match as a whole. None means all clients.");

    static final List<Setting<?>> ALL = Stream.<Setting<?>>of(METRICS, INTERVAL_MS, MATCH)
            .<Setting<?>>map(setting -> setting.updateMode(UpdateMode.CLUSTER_WIDE))
            .toList();

    public static final Catalogue CATALOGUE = Catalogue.of(ALL);

    private ClientMetricsSettings() {}
}
