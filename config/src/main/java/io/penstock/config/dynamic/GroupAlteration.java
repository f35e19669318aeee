package io.penstock.config.dynamic;

import static io.penstock.config.dynamic.AlterOutcome.invalidConfig;

import io.penstock.config.BrokerConfig;
import io.penstock.config.GroupConfigSettings;
import io.penstock.config.GroupConfigs;
import io.penstock.config.setting.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Decides changes of a group's settings. Pure. */
public final class GroupAlteration {

    private GroupAlteration() {}

    /**
     * Changes some settings and leaves the others.
     *
     * @param current the texts set for the group now
     * @param broker for the bounds within which a group may set something
     */
    public static AlterOutcome alter(Map<String, String> current, List<ConfigOp> ops, BrokerConfig broker) {
        OverrideEdit.Result edited = OverrideEdit.apply(current, ops, GroupConfigSettings.CATALOGUE::find);
        return edited.refusal().orElseGet(() -> replace(edited.overrides(), broker));
    }

    /** Sets exactly these texts, as the older AlterConfigs does. */
    public static AlterOutcome replace(Map<String, String> overrides, BrokerConfig broker) {
        TreeSet<String> keys = new TreeSet<>(overrides.keySet());
        for (String key : keys) {
            if (!GroupConfigSettings.CATALOGUE.contains(key)) {
                return invalidConfig("Unknown group config name: " + key);
            }
        }
        List<String> problems = keys.stream()
                .flatMap(
                        key -> GroupConfigSettings.CATALOGUE
                                .find(key)
                                .flatMap(setting -> setting.check(overrides.getOrDefault(key, "")))
                                .stream())
                .map(Problem::message)
                .toList();
        if (!problems.isEmpty()) {
            return invalidConfig(String.join("; ", problems));
        }
        String conflict = GroupConfigs.of(overrides, broker).conflict();
        return conflict == null ? new AlterOutcome.Accepted(overrides) : invalidConfig(conflict);
    }
}
