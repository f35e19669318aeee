package io.penstock.config.dynamic;

import static io.penstock.config.dynamic.AlterOutcome.invalidConfig;

import io.penstock.config.BrokerConfig;
import io.penstock.config.TopicConfigs;
import io.penstock.config.TopicSettings;
import io.penstock.config.setting.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Decides changes of a topic's settings. Pure. */
public final class TopicAlteration {

    private TopicAlteration() {}

    /**
     * Changes some settings and leaves the others.
     *
     * @param current the texts set on the topic now
     * @param broker for rules between settings of which the topic sets only one
     */
    public static AlterOutcome alter(Map<String, String> current, List<ConfigOp> ops, BrokerConfig broker) {
        OverrideEdit.Result edited = OverrideEdit.apply(current, ops, TopicSettings.CATALOGUE::find);
        return edited.refusal().orElseGet(() -> replace(edited.overrides(), broker));
    }

    /**
     * Sets exactly these texts, as the creation of a topic and the older AlterConfigs do.
     *
     * @return all that is wrong with them in one message, if anything is
     */
    public static AlterOutcome replace(Map<String, String> overrides, BrokerConfig broker) {
        for (String key : new TreeSet<>(overrides.keySet())) {
            if (!TopicSettings.CATALOGUE.contains(key)) {
                String hint = TopicSettings.CATALOGUE
                        .closest(key)
                        .map(known -> " (did you mean " + known + "?)")
                        .orElse("");
                return invalidConfig("Unknown topic config name: " + key + hint);
            }
        }
        List<String> problems = new TreeSet<>(overrides.keySet())
                .stream()
                        .flatMap(key -> check(key, overrides.getOrDefault(key, "")).stream())
                        .map(Problem::message)
                        .toList();
        if (!problems.isEmpty()) {
            return invalidConfig(String.join("; ", problems));
        }
        return conflict(TopicConfigs.of(overrides, broker))
                .map(AlterOutcome::invalidConfig)
                .orElseGet(() -> new AlterOutcome.Accepted(overrides));
    }

    private static Optional<Problem> check(String key, String text) {
        return TopicSettings.CATALOGUE.find(key).flatMap(setting -> setting.check(text));
    }

    private static Optional<String> conflict(TopicConfigs topic) {
        long minLagMs = topic.get(TopicSettings.MIN_COMPACTION_LAG_MS);
        long maxLagMs = topic.get(TopicSettings.MAX_COMPACTION_LAG_MS);
        if (minLagMs > maxLagMs) {
            return Optional.of("conflict topic config setting min.compaction.lag.ms (" + minLagMs
                    + ") > max.compaction.lag.ms (" + maxLagMs + ")");
        }
        if (topic.get(TopicSettings.REMOTE_STORAGE_ENABLE)) {
            return Optional.of("Tiered Storage functionality is disabled in the broker. "
                    + "Topic cannot be configured with remote log storage.");
        }
        return Optional.empty();
    }
}
