package io.penstock.core.runtime;

import io.penstock.config.CoordinatorSettings;
import io.penstock.core.group.ConsumerGroupSettings;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.HashMap;
import java.util.Map;

/** What is configured at run time and counts for one group. Stateless. */
final class GroupOverrides {
    private static final String ALL_BROKERS = "";

    private GroupOverrides() {}

    /**
     * The group's own values, by the keys of GROUP resources; where it has none, those of the brokers' values that may change while
     * they run.
     */
    static Map<String, String> of(MetadataImage image, int nodeId, String groupId) {
        Map<String, String> own = image.configs(ConfigScope.GROUP, groupId);
        String brokerKey = CoordinatorSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS.key();
        String ofAll = image.brokerConfigs(ALL_BROKERS).get(brokerKey);
        String ofThis = image.brokerConfigs(Integer.toString(nodeId)).get(brokerKey);
        if (ofAll == null && ofThis == null) {
            return own;
        }
        Map<String, String> merged = new HashMap<>(own);
        merged.putIfAbsent(ConsumerGroupSettings.ASSIGNMENT_INTERVAL_KEY, ofThis == null ? ofAll : ofThis);
        return merged;
    }
}
