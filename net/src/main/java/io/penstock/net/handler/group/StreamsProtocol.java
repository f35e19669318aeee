package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.ClusterFeatures;

/**
 * Whether streams groups are in force: the broker may have been started without them, or an administrator may have lowered
 * {@code streams.version} to 0. Immutable.
 *
 * @param isConfigured whether the broker was started with them
 */
record StreamsProtocol(BrokerKernel kernel, boolean isConfigured) {
    boolean isInForce() {
        return isConfigured && ClusterFeatures.level(kernel.metadata(), ClusterFeatures.STREAMS_VERSION) > 0;
    }
}
