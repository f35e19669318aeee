package io.penstock.config.dynamic;

import static io.penstock.config.dynamic.AlterOutcome.invalidConfig;
import static io.penstock.config.dynamic.AlterOutcome.invalidRequest;

import io.penstock.config.ClientMatch;
import io.penstock.config.ClientMetricsConfigs;
import io.penstock.config.ClientMetricsSettings;
import io.penstock.config.setting.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Decides changes of a subscription of client metrics. Pure. */
public final class ClientMetricsAlteration {

    private ClientMetricsAlteration() {}

    /**
     * Changes some settings and leaves the others. Lists can only be set as a whole: Kafka knows no appending here either.
     *
     * @param current the texts set for the subscription now; none if there is no such subscription
     */
    public static AlterOutcome alter(Map<String, String> current, List<ConfigOp> ops) {
        OverrideEdit.Result edited = OverrideEdit.apply(current, ops, key -> Optional.empty());
        return edited.refusal().orElseGet(() -> replace(edited.overrides()));
    }

    /** Sets exactly these texts, as the older AlterConfigs does. */
    public static AlterOutcome replace(Map<String, String> overrides) {
        TreeSet<String> keys = new TreeSet<>(overrides.keySet());
        for (String key : keys) {
            if (!ClientMetricsSettings.CATALOGUE.contains(key)) {
                return invalidRequest("Unknown client metrics configuration: " + key);
            }
        }
        for (String key : keys) {
            Optional<Problem> problem = ClientMetricsSettings.CATALOGUE
                    .find(key)
                    .flatMap(setting -> setting.check(overrides.getOrDefault(key, "")));
            if (problem.isPresent()) {
                return invalidConfig(problem.get().message());
            }
        }
        return checkInterval(overrides)
                .or(() -> checkMatch(overrides))
                .orElseGet(() -> new AlterOutcome.Accepted(overrides));
    }

    private static Optional<AlterOutcome> checkInterval(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get(ClientMetricsSettings.INTERVAL_MS.key()))
                .map(ClientMetricsSettings.INTERVAL_MS::parse)
                .filter(intervalMs -> !ClientMetricsConfigs.isAllowed(intervalMs))
                .map(intervalMs -> invalidRequest("Invalid value " + intervalMs
                        + " for interval.ms, interval must be between 100 and 3600000 (1 hour)"));
    }

    private static Optional<AlterOutcome> checkMatch(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get(ClientMetricsSettings.MATCH.key()))
                .map(ClientMetricsSettings.MATCH::parse)
                .flatMap(ClientMatch::firstIllegal)
                .map(pattern -> invalidConfig("Illegal client matching pattern: " + pattern));
    }
}
