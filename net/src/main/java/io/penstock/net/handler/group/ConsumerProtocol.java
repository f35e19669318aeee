package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.ClusterFeatures;

/**
 * Whether consumer groups of the new kind are in force: the broker may have been started without them, or an administrator may have
 * lowered {@code group.version} to 0. Immutable.
 *
 * @param isConfigured whether the broker was started with them
 */
record ConsumerProtocol(BrokerKernel kernel, boolean isConfigured) {
    boolean isInForce() {
        return isConfigured && ClusterFeatures.level(kernel.metadata(), ClusterFeatures.GROUP_VERSION) > 0;
    }
}
