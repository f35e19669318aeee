package io.penstock.core.runtime;

import io.penstock.config.CoordinatorSettings;
import io.penstock.config.StreamsSettings;
import io.penstock.core.group.ConsumerGroupSettings;
import io.penstock.core.group.StreamsGroupSettings;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.HashMap;
import java.util.Map;

/** What is configured at run time and counts for one group. Stateless. */
final class GroupOverrides {
    private static final String ALL_BROKERS = "";

    /** Settings of brokers that may change while they run, by the keys that groups have for them. */
    private static final Map<String, String> BROKER_KEYS = Map.of(
            ConsumerGroupSettings.ASSIGNMENT_INTERVAL_KEY,
            CoordinatorSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS.key(),
            StreamsGroupSettings.ASSIGNMENT_INTERVAL_KEY,
            StreamsSettings.ASSIGNMENT_INTERVAL_MS.key());

    private GroupOverrides() {}

    /**
     * The group's own values, by the keys of GROUP resources; where it has none, those of the brokers' values that may change while
     * they run.
     */
    static Map<String, String> of(MetadataImage image, int nodeId, String groupId) {
        Map<String, String> own = image.configs(ConfigScope.GROUP, groupId);
        Map<String, String> ofAll = image.brokerConfigs(ALL_BROKERS);
        Map<String, String> ofThis = image.brokerConfigs(Integer.toString(nodeId));
        if (ofAll.isEmpty() && ofThis.isEmpty()) {
            return own;
        }
        Map<String, String> merged = new HashMap<>(own);
        BROKER_KEYS.forEach((groupKey, brokerKey) -> {
            String value = ofThis.containsKey(brokerKey) ? ofThis.get(brokerKey) : ofAll.get(brokerKey);
            if (value != null) {
                merged.putIfAbsent(groupKey, value);
            }
        });
        return merged;
    }
}
