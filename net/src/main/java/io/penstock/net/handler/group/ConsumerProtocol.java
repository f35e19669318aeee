package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.ClusterFeatures;

/** Whether consumer groups of the new kind are in force: an administrator may have lowered {@code group.version} to 0. Stateless. */
final class ConsumerProtocol {
    private ConsumerProtocol() {}

    static boolean isInForce(BrokerKernel kernel) {
        return ClusterFeatures.level(kernel.metadata(), ClusterFeatures.GROUP_VERSION) > 0;
    }
}
