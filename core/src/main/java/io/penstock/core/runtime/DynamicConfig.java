package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.core.metadata.MetadataImage;
import java.util.Map;

/**
 * This broker's configuration as of an image: what it was started with, under what was set at run time. Remembers the last one,
 * since images rarely differ in it. Owned by one thread.
 */
final class DynamicConfig {
    private final BrokerConfig given;
    private final String nodeName;
    private Map<String, String> clusterDefaults = Map.of();
    private Map<String, String> own = Map.of();
    private BrokerConfig current;

    DynamicConfig(BrokerConfig given) {
        this.given = given;
        this.nodeName = Integer.toString(given.nodeId());
        this.current = given;
    }

    /** The same object as long as nothing in it has changed. */
    BrokerConfig of(MetadataImage image) {
        Map<String, String> newDefaults = image.brokerConfigs("");
        Map<String, String> newOwn = image.brokerConfigs(nodeName);
        if (!newDefaults.equals(clusterDefaults) || !newOwn.equals(own)) {
            clusterDefaults = newDefaults;
            own = newOwn;
            current = given.withDynamic(newDefaults, newOwn);
        }
        return current;
    }
}
